// Every kernel, one line each; kernel `x` is the constant `x_kernel` of its file.
// LINNET_KERNEL: a body per instruction set. LINNET_KERNEL_ONCE: one body for all.
#ifdef LINNET_KERNEL
LINNET_KERNEL(conv2d)
LINNET_KERNEL(depthwise2d)
LINNET_KERNEL(matmul)
LINNET_KERNEL(pool2d)
LINNET_KERNEL(unary)
LINNET_KERNEL(binary)
LINNET_KERNEL(softmax)
LINNET_KERNEL(normalize)
LINNET_KERNEL(reduce)
LINNET_KERNEL(winograd2d)
LINNET_KERNEL(bands2d)
LINNET_KERNEL(weigh_columns)
LINNET_KERNEL(weigh_rows)
#endif
#ifdef LINNET_KERNEL_ONCE
LINNET_KERNEL_ONCE(arg_rows)
LINNET_KERNEL_ONCE(convert)
LINNET_KERNEL_ONCE(copy)
LINNET_KERNEL_ONCE(indexed_read)
LINNET_KERNEL_ONCE(indexed_write)
LINNET_KERNEL_ONCE(lrn2d)
LINNET_KERNEL_ONCE(lstm_sequence)
LINNET_KERNEL_ONCE(map)
LINNET_KERNEL_ONCE(normalize_channels)
LINNET_KERNEL_ONCE(pack2d)
LINNET_KERNEL_ONCE(resample2d)
LINNET_KERNEL_ONCE(resample_axis)
LINNET_KERNEL_ONCE(running_sum)
LINNET_KERNEL_ONCE(select)
LINNET_KERNEL_ONCE(top_rows)
#endif
