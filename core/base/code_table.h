#pragma once

#include "core/base/error_code.h"

#include <algorithm>

/// Shared by the tables of the code families and by error_code.cpp; included nowhere else.
namespace enroll::code_table {

inline constexpr auto kNone = std::optional<Outcome>{};
inline constexpr auto kFail = std::optional{Outcome::Fail};
inline constexpr auto kHold = std::optional{Outcome::Hold};
inline constexpr auto kStation = std::optional{Outcome::StationFault};
inline constexpr auto kAborted = std::optional{Outcome::Aborted};

/// True if \p text is the family's letter, a dash and the three digits of the row's number.
constexpr bool hasItsText(const CodeDescription& row) noexcept
{
    const auto number = row.code.number();
    const auto digit = [](int value) { return static_cast<char>('0' + value % 10); };
    const std::array expected{static_cast<char>(row.code.family()), '-', digit(number / 100), digit(number / 10),
                              digit(number)};
    return std::ranges::equal(row.text, expected);
}

/// True if \p rows has one row for each of \p numbers, in their order, all of \p family and with their texts.
template <std::size_t Rows, std::size_t Numbers>
constexpr bool rowsAgree(const std::array<CodeDescription, Rows>& rows,
                         const std::array<std::uint16_t, Numbers>& numbers, CodeFamily family) noexcept
{
    return std::ranges::is_sorted(numbers, std::less_equal{}) &&
           std::ranges::equal(rows, numbers, {}, [](const CodeDescription& row) { return row.code.number(); }) &&
           std::ranges::all_of(
               rows, [family](const CodeDescription& row) { return row.code.family() == family && hasItsText(row); });
}

std::span<const CodeDescription> deviceRows() noexcept;
std::span<const CodeDescription> holdRows() noexcept;
std::span<const CodeDescription> scanRows() noexcept;
std::span<const CodeDescription> stationRows() noexcept;
std::span<const CodeDescription> cloudRows() noexcept;
std::span<const CodeDescription> serviceRows() noexcept;

} // namespace enroll::code_table
