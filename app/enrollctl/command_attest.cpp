#include "app/enrollctl/commands.h"
#include "app/enrollctl/device_run.h"
#include "app/wiring/device.h"
#include "core/enrollment/enroll_device.h"

namespace enroll::app::enrollctl {
namespace {

Result<ExitCode> attest(const DeviceRunOptions& options, Context& context)
{
    TRY_ASSIGN(const auto prepared, prepareDeviceRun(options, context));
    const auto tpm = wiring::makeDeviceTpm(prepared.address, prepared.order.profile, context.stop);
    StepPrinter steps{context.output};
    return showRun(enrollment::attestOnly(prepared.order, *tpm, steps, context.stop), context, Kept::Nowhere);
}

} // namespace

void addAttestCommand(const Command& program)
{
    auto options = std::make_shared<DeviceRunOptions>();
    const auto command = program.subcommand("attest", "Run the whole attestation on one device; record nothing");
    command.option("--device", options->device, "Address of the TPM, e.g. tcp://127.0.0.1:2321").required();
    command.option("--serial", options->serial, "Serial number to show in the result");
    command.does([options](Context& context) { return attest(*options, context); });
}

} // namespace enroll::app::enrollctl
