#include "app/enrollctl/left_behind_text.h"

#include "app/enrollctl/counted.h"
#include "app/enrollctl/json_values.h"
#include "app/wiring/station_files.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "db/qt/values.h"

#include <QJsonObject>

namespace enroll::app::enrollctl {
namespace {

/// "2 queued, 1 sent"; what there is none of is left out.
std::string countsText(const db::journal::LeftBehind& left)
{
    std::vector<std::string> counts;
    for (const auto& [count, word] :
         {std::pair{left.queued, "queued"}, std::pair{left.sent, "sent"}, std::pair{left.rejected, "rejected"}}) {
        if (count > 0) {
            counts.push_back(std::to_string(count) + " " + word);
        }
    }
    return joined(counts);
}

} // namespace

std::string leftBehindWarning(const db::journal::LeftBehind& left)
{
    const auto name = '"' + left.destination.text() + '"';
    const int count = left.queued + left.sent + left.rejected;
    return counted(static_cast<std::uint64_t>(count), kRecordIs, kRecordsAre) + " undecided (" + countsText(left) +
           ") at the destination " + name +
           ", which the configuration does not have: nobody sends there. If a destination was renamed, give "
           "it this name again; if it is gone, give each record up: enrollctl upload --destination " +
           name +
           " --set-aside REGISTRATION_ID --reason TEXT --operator NAME. enrollctl runs list --record queued "
           "(or sent, rejected) lists them";
}

Result<std::vector<db::journal::LeftBehind>> warnOfLeftBehind(const config::StationConfig& station, Output& output)
{
    auto left = db::journal::leftBehind(station.dataDirectory, wiring::destinationNames(station));
    if (!left.ok() && left.error().code == StationCode::NothingFound) {
        return std::vector<db::journal::LeftBehind>{};
    }
    if (left.ok()) {
        for (const auto& one : *left) {
            output.warning(leftBehindWarning(one));
        }
    }
    return left;
}

std::vector<db::journal::LeftBehind> tellLeftBehind(const config::StationConfig& station, Output& output)
{
    auto left = warnOfLeftBehind(station, output);
    if (!left.ok()) {
        output.notice(left.error());
        return {};
    }
    return std::move(left).value();
}

QJsonArray leftBehindDocument(std::span<const db::journal::LeftBehind> left)
{
    return listOf(left, [](const db::journal::LeftBehind& one) {
        return QJsonObject{{QStringLiteral("destination"), db::qt::toQString(one.destination.text())},
                           {QStringLiteral("queued"), one.queued},
                           {QStringLiteral("sent"), one.sent},
                           {QStringLiteral("rejected"), one.rejected}};
    });
}

} // namespace enroll::app::enrollctl
