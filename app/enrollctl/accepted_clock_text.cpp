#include "app/enrollctl/accepted_clock_text.h"

#include "core/base/text.h"

namespace enroll::app::enrollctl {

QJsonArray acceptedClocksDocument(std::span<const db::journal::AcceptedClock> accepted)
{
    QJsonArray list;
    for (const auto& one : accepted) {
        auto entry = db::documents::toJson(one.acceptance);
        entry.remove(QStringLiteral("schema"));
        entry.insert(QStringLiteral("seq"), static_cast<qint64>(one.seq));
        list.append(entry);
    }
    return list;
}

std::string acceptedClocksText(std::span<const db::journal::AcceptedClock> accepted)
{
    std::string text;
    for (const auto& [seq, acceptance] : accepted) {
        text += "clock accepted at " + toIso8601(acceptance.acceptedAt) + " (entry " + std::to_string(seq) +
                "), after a run that began at " + toIso8601(acceptance.latestRun) + ", by " +
                printableText(acceptance.by) + ": " + printableText(acceptance.reason) + "\n";
    }
    return text;
}

} // namespace enroll::app::enrollctl
