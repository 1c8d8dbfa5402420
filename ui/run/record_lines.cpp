#include "ui/run/record_lines.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace enroll::ui {
namespace {

struct Records {
    Q_DECLARE_TR_FUNCTIONS(RecordLines)
};

QString savedAt(const enrollment::AttestationRun& run)
{
    const auto end = QDateTime::fromMSecsSinceEpoch((run.startedAt + run.duration).time_since_epoch().count());
    return QLocale().toString(end, QStringLiteral("HH:mm:ss"));
}

/// The destinations where the record is in the state that is shown: another may have answered otherwise, or not yet.
QString destinationsText(const enrollment::RecordSummary& record)
{
    using enrollment::RecordState;
    const auto shown = record.state.knownOr(RecordState::Queued);
    QStringList names;
    for (const auto& destination : record.destinations) {
        if (destination.state.knownOr(RecordState::Queued) == shown) {
            names << QString::fromStdString(destination.destination.text());
        }
    }
    const auto destinations = names.join(QLatin1String(", "));
    switch (shown) {
    case RecordState::Queued:
        return Records::tr("for %1", "queued for a destination").arg(destinations);
    case RecordState::Sent:
        return Records::tr("from %1", "no answer from a destination").arg(destinations);
    case RecordState::Accepted:
    case RecordState::Rejected:
    case RecordState::SetAside:
        break;
    }
    return Records::tr("by %1", "accepted or rejected by a destination").arg(destinations);
}

QString detailOf(RecordSymbol symbol, const enrollment::AttestationRun& run,
                 const std::optional<enrollment::RecordSummary>& record)
{
    if (symbol == RecordSymbol::Saved) {
        return savedAt(run);
    }
    return record && symbol != RecordSymbol::None ? destinationsText(*record) : QString();
}

} // namespace

std::vector<RecordLine> recordLines(const TileContent& tile, const station::SlotState& state,
                                    const std::optional<enrollment::RecordSummary>& record)
{
    std::vector<RecordLine> lines;
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    const auto& summary = record || finished == nullptr ? record : finished->run.record;
    for (const auto& mark : tile.marks) {
        lines.push_back({mark, finished == nullptr ? QString() : detailOf(mark.symbol, finished->run, summary)});
    }
    if (!tile.record.isEmpty()) {
        lines.push_back({{RecordSymbol::None, tile.record}, {}});
    } else if (tile.look == TileLook::Fail || tile.look == TileLook::Hold) {
        lines.push_back({{RecordSymbol::None, Records::tr("Not for upload")}, Records::tr("only PASS is enrolled")});
    }
    return lines;
}

} // namespace enroll::ui
