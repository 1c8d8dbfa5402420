#pragma once

#include "core/base/bytes.h"

#include <string>
#include <vector>

namespace enroll::test {

struct CabinetFile {
    std::string name; ///< folders with "\\" between them, as Microsoft's tools write them
    Bytes content;
};

/// A cabinet of one folder without compression and without checksums, of at most 32 KiB altogether; \p behind follows it,
/// as a signature does. Source: [MS-CAB], section 2.
inline Bytes cabinetOf(const std::vector<CabinetFile>& files, std::string_view behind = {})
{
    std::string directory;
    std::string data;
    const auto put = [](std::string& to, std::size_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            to.push_back(static_cast<char>((value >> (8 * i)) & 0xFFU));
        }
    };
    for (const auto& file : files) {
        put(directory, file.content.size(), 4);
        put(directory, data.size(), 4); // where it begins in the folder
        put(directory, 0, 2);           // of the first folder
        put(directory, 0, 4);           // no date
        put(directory, 0x20, 2);        // the archive attribute
        directory += file.name + '\0';
        data += asText(file.content);
    }
    constexpr std::size_t kHeader = 36;
    constexpr std::size_t kFolder = 8;
    const auto dataAt = kHeader + kFolder + directory.size();
    std::string cabinet = "MSCF";
    for (const std::size_t value : {std::size_t{0}, dataAt + 8 + data.size(), std::size_t{0}, kHeader + kFolder,
                                    std::size_t{0}, std::size_t{0x00010103}}) {
        put(cabinet, value, 4); // reserved, size, reserved, first file, reserved, version 1.3 and one folder
    }
    for (const std::size_t value : {files.size(), std::size_t{0}, std::size_t{1}, std::size_t{0}}) {
        put(cabinet, value, 2); // files, flags, set, number in the set
    }
    put(cabinet, dataAt, 4);
    put(cabinet, 1, 2); // one block of data
    put(cabinet, 0, 2); // not compressed
    cabinet += directory;
    put(cabinet, 0, 4); // no checksum
    put(cabinet, data.size(), 2);
    put(cabinet, data.size(), 2);
    return toBytes(asBytes(cabinet.append(data).append(behind)));
}

} // namespace enroll::test
