module example.org/linnet

go 1.19
