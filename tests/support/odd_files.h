#pragma once

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace enroll::test {

/// Ways to have a name without a file behind it: each makes \p path so and says what an error must call it.
struct OddFile {
    const char* name;
    const char* said;
    void (*make)(const std::filesystem::path& path);
};

inline const std::vector<OddFile>& oddFiles()
{
    static const std::vector<OddFile> all{
        {"link loop", "links lead in a circle",
         [](const std::filesystem::path& path) { std::filesystem::create_symlink(path.filename(), path); }},
        {"directory", "it is a directory",
         [](const std::filesystem::path& path) { std::filesystem::create_directory(path); }},
        {"pipe", "it is a pipe",
         [](const std::filesystem::path& path) { [[maybe_unused]] const int made = ::mkfifo(path.c_str(), 0600); }},
        {"device", "it is a device",
         [](const std::filesystem::path& path) { std::filesystem::create_symlink("/dev/full", path); }},
    };
    return all;
}

} // namespace enroll::test
