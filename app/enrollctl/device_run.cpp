#include "app/enrollctl/device_run.h"

#include "app/wiring/software_stamp.h"
#include "app/wiring/station_check.h"
#include "app/wiring/station_files.h"
#include "db/documents/run_document.h"

namespace enroll::app::enrollctl {
namespace {

Result<enrollment::SerialNumber> serialOf(const DeviceRunOptions& options, const enrollment::ProductProfile& profile)
{
    if (!options.serial) {
        return enrollment::SerialNumber{};
    }
    return enrollment::parseSerialNumber(*options.serial, profile);
}

} // namespace

Result<PreparedRun> prepareDeviceRun(const DeviceRunOptions& options, const Context& context)
{
    TRY_ASSIGN(auto station, loadStation(context));
    TRY_ASSIGN(auto profile, wiring::loadProductProfile(station));
    TRY_ASSIGN(auto address, wiring::requireAllowedAddress(options.device, profile, station.agent));
    TRY_ASSIGN(auto serial, serialOf(options, profile));
    if (options.serial) {
        TRY(wiring::requireSayingDevice(station, address.value(), options.device));
    }
    TRY_ASSIGN(auto anchors, wiring::loadTrust(station, profile, context.stop));
    TRY(wiring::requireAnchors(anchors, profile)); // else a good device would be held for an empty store

    enrollment::EnrollmentOrder order{.stationId = station.stationId,
                                      .operatorId = enrollment::OperatorId{options.operatorId},
                                      .batch = enrollment::BatchId{options.batch},
                                      .slot = {options.slot},
                                      .serialNumber = std::move(serial),
                                      .device = options.device,
                                      .profile = std::move(profile),
                                      .anchors = std::move(anchors),
                                      .software = wiring::softwareStamp()};
    if (options.serial && station.pairing == enrollment::PairingRule::DeviceSerial) {
        order.announcement = enrollment::Announcement::Required;
    }
    return PreparedRun{std::move(station), std::move(address), std::move(order)};
}

ExitCode showRun(const enrollment::AttestationRun& run, Context& context, Kept kept)
{
    context.output.result(db::documents::toJson(run), runText(run, context.output, kept));
    return exitCodeOf(run);
}

} // namespace enroll::app::enrollctl
