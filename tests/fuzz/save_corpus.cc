// Saves ONNX models as what fuzz_linnet starts from: save_corpus FROM_FOLDER TO_FOLDER.
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <filesystem>
#include <string>

#include "linnet.h"

int main(int count, char **arguments) {
    if (count != 3) return 2;
    for (const auto &entry : std::filesystem::directory_iterator(arguments[1])) {
        linnet_model *model = nullptr;
        std::string name = std::string(arguments[2]) + "/" + entry.path().stem().string();
        linnet_status status = linnet_model_open(entry.path().c_str(), nullptr, &model);
        for (linnet_storage storage : {LINNET_STORAGE_PREPARED, LINNET_STORAGE_HALF})
            if (status == LINNET_OK)
                status = linnet_model_save(model, (name + std::to_string(storage)).c_str(), storage);
        linnet_model_free(model);
        if (status == LINNET_OK) continue;
        std::fprintf(stderr, "%s: %s\n", entry.path().c_str(), linnet_last_error());
        return 1;
    }
    return 0;
}
