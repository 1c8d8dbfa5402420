#include "app/enrollctl/record_not_understood_text.h"

#include "app/enrollctl/counted.h"
#include "app/enrollctl/json_values.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "db/qt/values.h"

#include <QJsonObject>

#include <algorithm>

namespace enroll::app::enrollctl {

Error recordsNotUnderstood(std::string_view notDone, std::span<const db::documents::RecordNotUnderstood> records)
{
    constexpr std::size_t kMostNamed = 10;
    std::vector<std::string> named;
    for (const auto& record : records.first(std::min(kMostNamed, records.size()))) {
        named.push_back(record.registrationId.text() + " (" + record.what + ")");
    }
    const auto more = records.size() - named.size();
    return makeError(StationCode::JournalNewer,
                     std::string{notDone} + ": " + counted(records.size(), "enrollment record") + ", " + joined(named) +
                         (more == 0 ? "" : " and " + std::to_string(more) + " more") +
                         ", which a newer program may have written");
}

QJsonArray notUnderstoodDocument(std::span<const db::documents::RecordNotUnderstood> records)
{
    using db::qt::toQString;
    const auto& code = describe(StationCode::JournalNewer);
    return listOf(records, [&code](const db::documents::RecordNotUnderstood& record) {
        return QJsonObject{{QStringLiteral("registrationId"), textOrNull(record.registrationId.text())},
                           {QStringLiteral("code"), toQString(code.text)},
                           {QStringLiteral("headline"), toQString(code.headline)},
                           {QStringLiteral("nextStep"), toQString(code.instruction)},
                           {QStringLiteral("reason"), toQString(record.what)},
                           {QStringLiteral("schema"), textOrNull(record.schema)}};
    });
}

} // namespace enroll::app::enrollctl
