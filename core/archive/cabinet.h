#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <optional>

namespace enroll::archive {

// What a cabinet may cost. Microsoft's TrustedTpm.cab has a few hundred files of a few KiB each.
inline constexpr std::size_t kLargestCabinet = std::size_t{16} * 1024 * 1024;
inline constexpr std::size_t kMostEntries = 4096;
inline constexpr std::size_t kLargestEntry = std::size_t{1024} * 1024;
inline constexpr std::size_t kLargestContent = std::size_t{64} * 1024 * 1024; ///< of all entries together

/// One file of a cabinet, or why it cannot be read.
struct CabinetEntry {
    std::string name; ///< with its folders and "/" between them, as printableText(); never a path to write to
    Result<Bytes> content;
};

struct Cabinet {
    std::vector<CabinetEntry> entries;
    std::optional<Error> brokenOff; ///< why what follows the last entry could not be read
};

/// True if \p content begins as Microsoft's cabinet files do. Source: [MS-CAB], section 2.1.
bool isCabinet(ByteView content) noexcept;

/// The files of the cabinet \p content whose name \p isWanted accepts, in their order. Nothing is written anywhere. A
/// signature behind the cabinet does not count. Pure; any thread.
///
/// A file that is damaged or larger than kLargestEntry has an error in its place. Reading breaks off where the cabinet is
/// damaged for good, and at kMostEntries and kLargestContent, for which unwanted files count as well.
///
/// \par Errors   S-337: larger than kLargestCabinet, or no cabinet; S-340
Result<Cabinet> readCabinet(ByteView content, bool (*isWanted)(std::string_view name));

} // namespace enroll::archive
