#pragma once

#include "core/base/scan_code.h"
#include "core/station/act_log.h"

namespace enroll::test {

inline station::Act actOf(station::ActKind what, const std::string& operatorId, UtcTime at = utcNow())
{
    station::Act act{.what = what, .at = std::chrono::floor<std::chrono::milliseconds>(at)};
    act.stationId = enrollment::StationId{"line-2"};
    if (!operatorId.empty()) {
        act.operatorId = enrollment::OperatorId{operatorId};
    }
    return act;
}

/// An act with every member that any kind has.
inline station::Act fullAct()
{
    auto act = actOf(station::ActKind::StationStarted, "ana", UtcTime{std::chrono::hours{500'000}});
    act.account = "root";
    act.inPlaceOf = enrollment::OperatorId{"ben"};
    act.person = enrollment::OperatorId{"cem"};
    act.slot = enrollment::SlotNumber{3};
    act.serialNumber = enrollment::SerialNumber{"GX-000183"};
    act.runId = enrollment::RunId{"01936b1c-8f2e-7b6a-9c1d-2e3f4a5b6c7d"};
    act.cause = station::ActCause::Device;
    act.nextSerialNumber = enrollment::SerialNumber{"GX-000184"};
    act.batch = enrollment::BatchId{"WO-4711"};
    act.code = ErrorCode{ScanCode::BadgeUnknown};
    act.reason = "the label was wrong";
    act.count = 12;
    act.screen = "HP E24 G4";
    act.millimetres = 527;
    act.software = enrollment::SoftwareStamp{"0.1.0", "abc"};
    act.profile = enrollment::ProfileStamp{"Gateway-X", "7", "00ff"};
    act.configuration = {{"/etc/enroll-station/station.toml", "aa55"}, {"/etc/enroll-station/conf.d/a.toml", "55aa"}};
    act.files = {{"makers/00ff.pem", "77aa"}, {"root.crl", "aa77"}};
    return act;
}

/// Keeps what it is told, in the memory of one thread.
struct KeptActs final : station::ActLog {
    void write(const station::Act& act) override { all.push_back(act); }
    [[nodiscard]] std::vector<station::ActKind> kinds() const
    {
        std::vector<station::ActKind> kinds;
        for (const auto& act : all) {
            kinds.push_back(*act.what.known());
        }
        return kinds;
    }
    std::vector<station::Act> all;
};

} // namespace enroll::test
