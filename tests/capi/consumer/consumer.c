/* Opens the model that is named and prints its labels.
 * SPDX-License-Identifier: MIT
 */
#include <linnet.h>

#include <stdio.h>

int main(int argc, char **argv) {
    linnet_model *model = NULL;
    const char *label = NULL;
    int32_t i;
    if (argc != 2 || linnet_model_open(argv[1], NULL, &model) != LINNET_OK) {
        fprintf(stderr, "%s\n", linnet_last_error());
        return 1;
    }
    for (i = 0; linnet_model_label(model, i, &label) == LINNET_OK; ++i) printf("%s\n", label);
    linnet_model_free(model);
    return 0;
}
