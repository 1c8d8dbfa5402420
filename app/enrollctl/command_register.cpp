#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/wiring/device.h"
#include "app/wiring/station_files.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/enrollment/registration_id.h"
#include "db/registration/registration_client.h"

namespace enroll::app::enrollctl {
namespace {

struct RegisterCommandOptions {
    std::string device;
    std::string service;
    std::string idScope;
    std::string registrationId;
    std::filesystem::path caFile;
};

std::string assignmentText(const db::registration::Assignment& assignment)
{
    return "assigned\n  hub        " + printableText(assignment.hub) + "\n  device id  " +
           printableText(assignment.deviceId) + "\n";
}

Result<ExitCode> registerDevice(const RegisterCommandOptions& options, Context& context)
{
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY_ASSIGN(const auto profile, wiring::loadProductProfile(station));
    TRY_ASSIGN(const auto address, wiring::requireAllowedAddress(options.device, profile, station.agent));
    if (options.idScope.empty()) {
        return makeError(StationCode::UsageInvalid, "--id-scope: must not be empty");
    }
    TRY_ASSIGN(const auto id, enrollment::parseRegistrationId(options.registrationId));
    const db::registration::RegistrationOrder order{.serviceUrl = options.service,
                                                    .idScope = options.idScope,
                                                    .registrationId = id,
                                                    .caFile = options.caFile,
                                                    .endorsementKey = profile.policy.endorsementKey};

    const auto tpm = wiring::makeDeviceTpm(address, profile, context.stop);
    TRY_ASSIGN(const auto assignment, db::registration::registerDevice(*tpm, order, context.stop));
    context.output.result(registrationDocument(assignment, order, options.device), assignmentText(assignment));
    return ExitCode::Done;
}

} // namespace

void addRegisterCommand(const Command& program)
{
    auto options = std::make_shared<RegisterCommandOptions>();
    const auto command =
        program.subcommand("register", "Play the device in the field: provision it with nothing but its TPM");
    command.option("--device", options->device, "Address of the TPM, e.g. tcp://127.0.0.1:2321").required();
    command.option("--service", options->service, "URL of the provisioning service").required();
    command.option("--id-scope", options->idScope, "Id scope of the provisioning service").required();
    command.option("--registration-id", options->registrationId, "Id the device was enrolled under").required();
    command.option("--ca-file", options->caFile, "Authority that vouches for the service (PEM)");
    command.does([options](Context& context) { return registerDevice(*options, context); });
}

} // namespace enroll::app::enrollctl
