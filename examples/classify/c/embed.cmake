# cmake -DMODEL=default.onnx -DOUTPUT=default_model.c -P embed.cmake: a file as a C array.
# SPDX-License-Identifier: MIT
file(READ ${MODEL} digits HEX)
string(REGEX REPLACE "(................................)" "\\1\n" digits "${digits}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${digits}")
file(WRITE ${OUTPUT} "#include \"default_model.h\"\n
const unsigned char default_model[] = {
${bytes}
};
const size_t default_model_size = sizeof default_model;
")
