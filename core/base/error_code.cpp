#include "core/base/error_code.h"

#include "core/base/assert.h"
#include "core/base/code_table.h"

#include <algorithm>

namespace enroll {
namespace {

std::span<const CodeDescription> rowsOf(CodeFamily family) noexcept
{
    switch (family) {
    case CodeFamily::Device:
        return code_table::deviceRows();
    case CodeFamily::Hold:
        return code_table::holdRows();
    case CodeFamily::Scan:
        return code_table::scanRows();
    case CodeFamily::Station:
        return code_table::stationRows();
    case CodeFamily::Cloud:
        return code_table::cloudRows();
    case CodeFamily::Service:
        return code_table::serviceRows();
    }
    return {};
}

constexpr bool judgesDevice(std::optional<Outcome> outcome) noexcept
{
    return outcome == Outcome::Fail || outcome == Outcome::Hold;
}

// What a code's own instruction gives way to where the outcome is not the code's.
constexpr Instruction kRedBin{NextStep::RedBin, ENROLL_TEXT("ErrorCatalog", "RED bin. Quality: see the finding.")};
constexpr Instruction kHoldShelf{NextStep::HoldShelf,
                                 ENROLL_TEXT("ErrorCatalog", "HOLD shelf. Quality: see the finding.")};
constexpr Instruction kScanThenRedBin{
    NextStep::ScanAgain, ENROLL_TEXT("ErrorCatalog", "Scan its label again. Second time: RED bin, call Quality.")};

} // namespace

const CodeDescription& describe(ErrorCode code) noexcept
{
    const auto rows = rowsOf(code.family());
    const auto row = std::ranges::lower_bound(rows, code, {}, &CodeDescription::code);
    ENROLL_ASSERT(row != rows.end() && row->code == code, "every code has a row");
    return *row;
}

Instruction instructionFor(ErrorCode code, Outcome outcome) noexcept
{
    const auto& row = describe(code);
    if (row.verdict == outcome || !judgesDevice(outcome) || !judgesDevice(row.verdict)) {
        return {row.next, row.instruction};
    }
    if (outcome == Outcome::Hold) {
        return kHoldShelf;
    }
    // A label that was misread comes first, however grave it would be if it was not.
    return row.next == NextStep::ScanAgain ? kScanThenRedBin : kRedBin;
}

std::optional<ErrorCode> errorCodeFromText(std::string_view text) noexcept
{
    if (text.empty()) {
        return std::nullopt;
    }
    const auto rows = rowsOf(static_cast<CodeFamily>(text.front()));
    const auto row = std::ranges::find(rows, text, &CodeDescription::text);
    return row == rows.end() ? std::nullopt : std::optional{row->code};
}

const std::vector<CodeDescription>& allCodes()
{
    static const auto all = [] {
        std::vector<CodeDescription> rows;
        for (const auto family : {CodeFamily::Device, CodeFamily::Hold, CodeFamily::Scan, CodeFamily::Station,
                                  CodeFamily::Cloud, CodeFamily::Service}) {
            const auto more = rowsOf(family);
            rows.insert(rows.end(), more.begin(), more.end());
        }
        return rows;
    }();
    return all;
}

std::string_view outcomeText(Outcome outcome) noexcept
{
    switch (outcome) {
    case Outcome::Pass:
        return "pass";
    case Outcome::Fail:
        return "fail";
    case Outcome::Hold:
        return "hold";
    case Outcome::StationFault:
        return "station-fault";
    case Outcome::Aborted:
        return "aborted";
    }
    return "station-fault";
}

} // namespace enroll
