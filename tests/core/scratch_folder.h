// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <random>
#include <string>

// A folder for files of this process's tests, with a separator at its end. It goes when the process
// ends; another process, which may run at the same time, has another.
inline const std::string &scratch_folder() {
    struct Folder {
        Folder() {
            std::random_device random;
            path = std::filesystem::temp_directory_path() /
                   ("linnet_tests_" + std::to_string(random()) + std::to_string(random()));
            std::filesystem::create_directories(path);
            text = (path / "").string();
        }
        ~Folder() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
        std::filesystem::path path;
        std::string text;
    };
    static Folder folder;
    return folder.text;
}
