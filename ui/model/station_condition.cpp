#include "ui/model/station_condition.h"

#include "core/base/station_code.h"
#include "core/station/lost_contact.h"
#include "ui/model/catalog_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace enroll::ui {
namespace {

using State = StationCondition::State;

struct Condition {
    Q_DECLARE_TR_FUNCTIONS(StationCondition)
};

/// From here on it is said when sending is tried again; shorter waits are over before anybody has read that.
constexpr std::chrono::minutes kLongWait{2};

/// True for faults of the journal. In a finished run they are of the past and do not count; whether the journal works
/// now is told by stationCondition()'s journalFault.
bool ofTheJournal(ErrorCode code)
{
    return code == StationCode::JournalCannotSave || code == StationCode::JournalAltered;
}

std::optional<ErrorCode> stationFaultIn(const station::SlotState& state)
{
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    const auto fault = finished != nullptr && finished->run.outcome == Outcome::StationFault;
    return fault ? knownIn(finished->run.code) : std::nullopt;
}

/// True if the drain has only begun, or waits because another program is sending to this destination.
bool saysNothing(const delivery::UploadProgress& progress)
{
    if (progress.lastError) {
        return progress.lastError->code == StationCode::JournalBusy && progress.waiting > progress.waiting.zero();
    }
    return progress.left > 0 && progress.accepted + progress.rejected == 0;
}

/// Says nothing by itself: a code's headline knows what kind of destination it is about.
QString uploadReason(const UploadState& upload)
{
    const auto since = QLocale().toString(upload.troubleSince.time(), QStringLiteral("HH:mm"));
    const auto code = codeText(upload.trouble->code);
    const auto headline = headlineText(*upload.trouble);
    if (!upload.triesAgain.isValid()) {
        return Condition::tr("%1 since %2: %3").arg(code, since, headline);
    }
    const auto again = QLocale().toString(upload.triesAgain.time(), QStringLiteral("HH:mm"));
    return Condition::tr("%1 since %2: %3 Next try at %4.").arg(code, since, headline, again);
}

QString lossText(const std::vector<enrollment::SlotNumber>& slots)
{
    QStringList numbers;
    for (const auto slot : slots) {
        numbers << QString::number(slot.value);
    }
    return Condition::tr("slots %1 lost their devices at once: check what they share")
        .arg(numbers.join(QLatin1String(", ")));
}

QString trustText(int days)
{
    switch (days) {
    case 0:
        return Condition::tr("trusted authorities imported today", "authorities, by their last import");
    case 1:
        return Condition::tr("trusted authorities imported yesterday", "authorities, by their last import");
    default:
        return Condition::tr("trusted authorities imported %n days ago", "authorities, by their last import", days);
    }
}

} // namespace

void UploadState::take(const delivery::UploadProgress& progress, const QDateTime& now)
{
    if (saysNothing(progress)) {
        return;
    }
    if (progress.lastError && !trouble) {
        troubleSince = now;
    }
    trouble = progress.lastError;
    triesAgain = progress.waiting < kLongWait ? QDateTime{} : now.addMSecs(progress.waiting.count());
}

StationCondition stationCondition(const station::SlotBoard& board, const std::optional<Error>& journalFault,
                                  const std::vector<UploadState>& uploads, const TrustState& trust,
                                  const std::optional<Error>& scannerFault)
{
    for (const auto& fault : {journalFault, trust.fault}) {
        if (fault) {
            return {State::Stopped, Condition::tr("%1 %2").arg(codeText(fault->code), headlineText(*fault))};
        }
    }
    StationCondition condition;
    if (trust.missing) {
        condition = {State::Degraded, Condition::tr("no authority is trusted, so that no device can pass")};
    }
    if (scannerFault && condition.state == State::Ready) {
        condition = {State::Degraded,
                     Condition::tr("%1 %2").arg(codeText(scannerFault->code), headlineText(*scannerFault))};
    }
    if (const auto lost = station::lostTogether(board); !lost.empty() && condition.state == State::Ready) {
        condition = {State::Degraded, lossText(lost)};
    }
    for (const auto slot : board.slots()) {
        const auto fault = stationFaultIn(board.state(slot));
        if (fault && !ofTheJournal(*fault) && condition.state == State::Ready) {
            condition = {State::Degraded,
                         Condition::tr("slot %1, %2").arg(QString::number(slot.value), codeText(*fault))};
        }
    }
    if (!board.forgotten().empty() && condition.state == State::Ready) {
        condition = {State::Degraded, Condition::tr("what slots showed last is lost: test again what is in them")};
    }
    for (const auto& upload : uploads) {
        if (upload.trouble && condition.state == State::Ready) {
            condition = {State::Degraded, uploadReason(upload)};
        }
    }
    if (trust.days && condition.state == State::Ready) {
        condition.reason = trustText(*trust.days);
    }
    return condition;
}

} // namespace enroll::ui
