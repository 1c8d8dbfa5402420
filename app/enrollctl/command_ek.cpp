#include "app/enrollctl/commands.h"
#include "app/enrollctl/ek_lens_document.h"
#include "app/wiring/device.h"
#include "app/wiring/station_files.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> showEndorsementKeys(const std::string& device, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto profile, wiring::loadProductProfile(station));
    TRY_ASSIGN(const auto address, wiring::requireAllowedAddress(device, profile, station.agent));
    TRY_ASSIGN(const auto anchors, wiring::loadTrust(station, profile, context.stop));

    const auto tpm = wiring::makeDeviceTpm(address, profile, context.stop);
    TRY_ASSIGN(const auto lens,
               enrollment::lookAtEndorsementKeys(*tpm, {profile.policy, anchors, utcNow()}, context.stop));
    context.output.result(ekLensDocument(lens, device, profile), ekLensText(lens, profile));
    return ExitCode::Done;
}

} // namespace

void addEkCommand(const Command& program)
{
    auto device = std::make_shared<std::string>();
    const auto command =
        program.subcommand("ek", "Show every endorsement key a TPM can present, and which one is enrolled");
    command.option("--device", *device, "Address of the TPM, e.g. tcp://127.0.0.1:2321").required();
    command.does([device](Context& context) { return showEndorsementKeys(*device, context); });
}

} // namespace enroll::app::enrollctl
