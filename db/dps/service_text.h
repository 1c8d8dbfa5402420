#pragma once

#include <string>
#include <string_view>

namespace enroll::db::dps {

/// More than any service says of a record, and little enough for a journal that keeps it for good.
inline constexpr std::size_t kMostServiceText = 1024;

/// What a service wrote, as this station keeps, shows and logs it: printableText(), and of a text of more than
/// kMostServiceText bytes the first characters with "…" behind them, together no more than that.
std::string serviceText(std::string_view utf8);

} // namespace enroll::db::dps
