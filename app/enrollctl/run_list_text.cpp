#include "app/enrollctl/run_list_text.h"

#include "app/enrollctl/run_text.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

std::string column(std::string_view words, std::size_t width)
{
    auto text = printableText(words);
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

/// True if this program does not know some word of the row: a newer one wrote it.
bool isOfNewerProgram(const db::review::RunRow& row)
{
    return row.outcome.unknownText() != nullptr || (row.code && row.code->unknownText() != nullptr);
}

std::string setAsideLines(const db::review::RunRow& row)
{
    std::string lines;
    for (const auto& state : row.setAside) {
        lines += "  at " + printableText(state.destination.text() + setAsideText(state)) + "\n";
    }
    for (const auto& state : row.beside) { // one that is accepted there is in the cloud all the same
        lines +=
            "  at " + printableText(state.destination.text()) + ", " + std::string{recordStateText(state.state)} + "\n";
    }
    return lines;
}

constexpr std::size_t kTimeWidth = 24; // "2026-11-23T20:14:03.000Z"
constexpr std::size_t kOutcomeWidth = 13;
constexpr std::size_t kCodeWidth = 5;
constexpr std::size_t kSerialWidth = 16;
constexpr std::size_t kRecordWidth = 9;
constexpr std::size_t kBatchWidth = 10;
constexpr std::size_t kOperatorWidth = 10;

std::string_view orNone(std::string_view text)
{
    return text.empty() ? "-" : text;
}

std::string headText()
{
    return column("STARTED", kTimeWidth) + column("OUTCOME", kOutcomeWidth) + column("CODE", kCodeWidth) +
           column("SERIAL NUMBER", kSerialWidth) + column("RECORD", kRecordWidth) + column("BATCH", kBatchWidth) +
           column("OPERATOR", kOperatorWidth) + "RUN\n";
}

std::string rowText(const db::review::RunRow& row, const Output& output)
{
    const auto word = printableText(outcomeWord(row.outcome));
    const std::string code{row.code ? codeText(*row.code) : std::string_view{}};
    const std::string state{row.recordState ? recordStateText(*row.recordState) : "-"};
    const auto newer = isOfNewerProgram(row) ? "  (written by a newer program)" : "";
    return column(toIso8601(row.startedAt), kTimeWidth) + output.outcomeShown(row.outcome) +
           column({}, kOutcomeWidth - std::min(kOutcomeWidth, word.size())) + column(code, kCodeWidth) +
           column(row.serialNumber.text(), kSerialWidth) + column(state, kRecordWidth) +
           column(orNone(row.batch.text()), kBatchWidth) + column(orNone(row.operatorId.text()), kOperatorWidth) +
           printableText(row.runId.text()) + newer + "\n" + setAsideLines(row);
}

} // namespace

std::string runListText(const db::review::RunPage& page, const Output& output)
{
    auto text = headText();
    for (const auto& row : page.rows) {
        text += rowText(row, output);
    }
    if (page.rows.empty()) {
        text = "no runs\n";
    }
    return page.next.empty() ? text : text + "more: --after " + page.next + "\n";
}

} // namespace enroll::app::enrollctl
