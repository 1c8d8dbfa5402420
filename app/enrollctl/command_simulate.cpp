#include "app/enrollctl/commands.h"
#include "app/enrollctl/result_documents.h"
#include "app/enrollctl/wait_for_end.h"
#include "app/software_tpm/software_tpm.h"
#include "core/base/cancellation.h"
#include "core/base/station_code.h"
#include "core/system/file_lock.h"

#include <QTemporaryDir>

namespace enroll::app::enrollctl {
namespace {

namespace fs = std::filesystem;

constexpr int kMostDevices = 64;

struct SimulateOptions {
    int devices = 1;
    fs::path directory;
    bool untilInputEnds = false;
};

Error cannotWrite(const fs::path& place, const std::error_code& failure)
{
    return makeError(StationCode::FileUnusable, place.string() + ": " + failure.message(), "simulate");
}

Result<std::vector<software_tpm::SoftwareTpm>> startDevices(int count, const fs::path& directory, Context& context)
{
    std::vector<software_tpm::SoftwareTpm> devices;
    for (int number = 1; number <= count; ++number) {
        TRY(requireNotCancelled(context.stop));
        auto started = software_tpm::SoftwareTpm::start({.directory = directory / ("tpm-" + std::to_string(number)),
                                                         .authorityDirectory = directory / "authority"});
        TRY(requireNotCancelled(context.stop)); // Ctrl+C at a terminal reaches swtpm, too: its end is no error then
        TRY_ASSIGN(auto device, std::move(started));
        devices.push_back(std::move(device));
        context.output.progress("  device " + std::to_string(number) + " of " + std::to_string(count) + " at " +
                                devices.back().address());
    }
    return devices;
}

/// Copies the authority's certificates into a directory of their own for `trust import`: the authority's directory also
/// holds its private keys.
Result<std::vector<fs::path>> publishTrust(std::span<const fs::path> certificates, const fs::path& directory)
{
    std::error_code failure;
    fs::create_directories(directory, failure);
    std::vector<fs::path> published;
    for (const auto& certificate : certificates) {
        published.push_back(directory / certificate.filename());
        if (!failure) {
            fs::copy_file(certificate, published.back(), fs::copy_options::overwrite_existing, failure);
        }
    }
    if (failure) {
        return cannotWrite(directory, failure);
    }
    return published;
}

std::vector<std::string> addressesOf(std::span<const software_tpm::SoftwareTpm> devices)
{
    std::vector<std::string> addresses;
    for (const auto& device : devices) {
        addresses.push_back(device.address());
    }
    return addresses;
}

std::string readyText(std::span<const std::string> addresses, const fs::path& trust)
{
    std::string text;
    for (const auto& address : addresses) {
        text += address + "\n";
    }
    return text + "ready; their makers are trusted after: enrollctl trust import --set demo " + trust.string() + "\n";
}

Result<ExitCode> simulateIn(const fs::path& directory, const SimulateOptions& options, Context& context)
{
    TRY_ASSIGN(const auto devices, startDevices(options.devices, directory, context));
    const auto trustDirectory = directory / "trust";
    TRY_ASSIGN(const auto trust, publishTrust(devices.front().caCertificates(), trustDirectory));
    const auto addresses = addressesOf(devices);
    context.output.result(simulationDocument(addresses, trustDirectory, trust), readyText(addresses, trustDirectory));
    TRY(waitForEnd(context.stop, options.untilInputEnds ? InputEnd::Ends : InputEnd::Ignored));
    return ExitCode::Done;
}

/// Locks the directory: two programs cannot run the same devices. Error S-333.
Result<system::FileLock> lockedFor(const fs::path& directory)
{
    auto lock = system::FileLock::acquire(directory / "simulate.lock", Deadline::in(std::chrono::milliseconds{0}));
    if (lock.ok()) {
        return lock;
    }
    const bool busy = lock.error().code == StationCode::JournalBusy;
    return makeError(StationCode::FileUnusable,
                     directory.string() + (busy ? ": another simulation runs its devices" : ": cannot be locked"),
                     lock.error().operation);
}

/// Runs the devices in a temporary directory that is removed with them. Error S-333 if TMPDIR is set and cannot be
/// used.
Result<ExitCode> simulateInPassing(const SimulateOptions& options, Context& context)
{
    std::error_code failure;
    const auto place = fs::temp_directory_path(failure);
    if (failure) {
        return makeError(StationCode::FileUnusable, "TMPDIR cannot be used: " + failure.message(), "simulate");
    }
    const QTemporaryDir temporary{QString::fromStdString((place / "enrollctl-XXXXXX").string())};
    if (!temporary.isValid()) {
        return makeError(StationCode::FileUnusable, "TMPDIR cannot be used: " + temporary.errorString().toStdString(),
                         "simulate");
    }
    return simulateIn(temporary.path().toStdString(), options, context);
}

Result<ExitCode> simulate(const SimulateOptions& options, Context& context)
{
    if (options.directory.empty()) {
        return simulateInPassing(options, context);
    }
    std::error_code failure;
    const auto directory = fs::absolute(options.directory, failure);
    if (!failure) {
        fs::create_directories(directory, failure);
    }
    if (failure) {
        return cannotWrite(options.directory, failure);
    }
    TRY_ASSIGN(const auto alone, lockedFor(directory));
    return simulateIn(directory, options, context);
}

} // namespace

void addSimulateCommand(const Command& program)
{
    auto options = std::make_shared<SimulateOptions>();
    const auto command = program.subcommand("simulate", "Start software TPMs on loopback; stop them when stopped");
    command.option("--devices", options->devices, "How many").required().between(1, kMostDevices);
    command.option("--directory", options->directory, "Keep them here; the next start switches them on again");
    command.option("--until-input-ends", options->untilInputEnds, "End with standard input, too");
    command.does([options](Context& context) { return simulate(*options, context); });
}

} // namespace enroll::app::enrollctl
