#include "core/station/act.h"

namespace enroll::station {

std::string_view actKindText(ActKind kind) noexcept
{
    switch (kind) {
    case ActKind::SignedIn:
        return "signed-in";
    case ActKind::SignedOut:
        return "signed-out";
    case ActKind::BadgeRefused:
        return "badge-refused";
    case ActKind::PinRefused:
        return "pin-refused";
    case ActKind::Locked:
        return "locked";
    case ActKind::Unlocked:
        return "unlocked";
    case ActKind::OrderTaken:
        return "order-taken";
    case ActKind::ResultAcknowledged:
        return "result-acknowledged";
    case ActKind::ResultReplaced:
        return "result-replaced";
    case ActKind::SerialTakenBack:
        return "serial-taken-back";
    case ActKind::RunStopped:
        return "run-stopped";
    case ActKind::StationStarted:
        return "station-started";
    case ActKind::StationEnded:
        return "station-ended";
    case ActKind::ActsLost:
        return "acts-lost";
    case ActKind::RecordsQueuedAgain:
        return "records-queued-again";
    case ActKind::RecordsSetAside:
        return "records-set-aside";
    case ActKind::ClockAccepted:
        return "clock-accepted";
    case ActKind::PersonAdded:
        return "person-added";
    case ActKind::PersonRemoved:
        return "person-removed";
    case ActKind::PinSet:
        return "pin-set";
    case ActKind::PinRemoved:
        return "pin-removed";
    case ActKind::OperatorNamed:
        return "operator-named";
    case ActKind::ScreenMeasured:
        return "screen-measured";
    case ActKind::TrustImported:
        return "trust-imported";
    case ActKind::TrustRemoved:
        return "trust-removed";
    case ActKind::ListImported:
        return "list-imported";
    }
    return "";
}

std::string_view actKindText(const Word<ActKind>& kind) noexcept
{
    return wordText(kind, [](ActKind known) { return actKindText(known); });
}

std::string_view actCauseText(ActCause cause) noexcept
{
    return cause == ActCause::Device ? "device" : "scan";
}

bool isOfUnknownPerson(ActKind kind) noexcept
{
    return kind == ActKind::BadgeRefused || kind == ActKind::PinRefused;
}

} // namespace enroll::station
