#pragma once

#include <cstdint>
#include <string>

namespace enroll::app::enrollctl {

/// "1 record is", "2 records are": \p count with what it counts, one of it or \p many.
inline std::string counted(std::uint64_t count, const std::string& one, const std::string& many)
{
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

inline constexpr auto kRecordIs = "record is";
inline constexpr auto kRecordsAre = "records are";

/// "1 key", "2 keys"
inline std::string counted(std::uint64_t count, const std::string& one)
{
    return counted(count, one, one + "s");
}

} // namespace enroll::app::enrollctl
