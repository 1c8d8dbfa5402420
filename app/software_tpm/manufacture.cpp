#include "app/software_tpm/manufacture.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/system/durable_file.h"
#include "core/system/file_lock.h"
#include "core/system/regular_file.h"
#include "core/system/whole_file.h"

#include <system_error>

namespace enroll::app::software_tpm {
namespace {

namespace fs = std::filesystem;

constexpr auto kStateFile = "tpm2-00.permall"; // swtpm's name for the permanent state of a TPM 2.0
constexpr auto kUnfinished = "unfinished";     // where a TPM is made: only a whole one gets into its place

constexpr std::size_t kMostLogBytes = std::size_t{4} * 1024 * 1024;

/// The last line of a tool's log, which says why it failed.
std::string lastLineOf(const fs::path& file)
{
    const auto log = system::readWholeText(file, kMostLogBytes);
    if (!log) {
        return log.error().what;
    }
    const auto text = trimmed(*log);
    return std::string{text.substr(text.rfind('\n') + 1)}; // without a line end rfind() is npos, and npos + 1 is 0
}

Result<void> makeDirectory(const fs::path& directory)
{
    std::error_code failure;
    fs::create_directories(directory, failure);
    if (failure) {
        return makeError(StationCode::InternalFault, "cannot make " + directory.string(), {}, Errno{failure.value()});
    }
    return {};
}

Result<void> writeFile(const fs::path& file, const std::string& text)
{
    return recoded(system::writeDurably(file, asBytes(text), system::FileMode::Usual), StationCode::InternalFault);
}

/// Writes the three files that swtpm_setup and swtpm_localca need, with all paths below \p directory.
/// Source: swtpm_setup.conf(5), swtpm-localca.conf(5), swtpm-localca.options(5).
Result<fs::path> writeConfiguration(const fs::path& directory)
{
    const auto path = [&](const char* name) { return (directory / name).string(); };
    TRY(writeFile(path("localca.conf"), "statedir = " + directory.string() + "\nsigningkey = " + path("signkey.pem") +
                                            "\nissuercert = " + path("issuercert.pem") +
                                            "\ncertserial = " + path("certserial") + "\n"));
    TRY(writeFile(path("localca.options"), "--platform-manufacturer Demonstration\n--platform-version 1.0\n"
                                           "--platform-model Software\n"));
    TRY(writeFile(path("setup.conf"),
                  "create_certs_tool = /usr/bin/swtpm_localca\ncreate_certs_tool_config = " + path("localca.conf") +
                      "\ncreate_certs_tool_options = " + path("localca.options") + "\nactive_pcr_banks = sha256\n"));
    return directory / "setup.conf";
}

system::ChildCommand setupCommand(const SoftwareTpmOptions& options, const fs::path& configuration)
{
    const auto unfinished = (options.directory / kUnfinished).string();
    return {.arguments = {"swtpm_setup", "--tpm2", "--tpm-state", unfinished, "--createek", "--create-ek-cert",
                          "--create-platform-cert", "--config", configuration.string()},
            .logFile = options.directory / "manufacture.log",
            .environment = {"TMPDIR=" + unfinished}};
}

/// With what a try that was killed left behind.
Result<void> removeUnfinished(const fs::path& directory)
{
    std::error_code failure;
    fs::remove_all(directory / kUnfinished, failure);
    if (failure) {
        return makeError(StationCode::InternalFault, "cannot remove " + (directory / kUnfinished).string(), {},
                         Errno{failure.value()});
    }
    return {};
}

} // namespace

AuthorityFiles authorityFiles(const fs::path& authorityDirectory)
{
    return {.rootCertificate = authorityDirectory / "swtpm-localca-rootca-cert.pem",
            .issuerCertificate = authorityDirectory / "issuercert.pem"};
}

Error notInstalled(const std::string& program)
{
    return makeError(StationCode::FileUnusable,
                     program + " is not installed: install the packages swtpm, swtpm-tools and gnutls-bin");
}

Result<void> manufacture(const SoftwareTpmOptions& options)
{
    TRY(makeDirectory(options.directory));
    // Otherwise what another program has not finished yet would be removed.
    TRY_ASSIGN(const auto alone, recoded(system::FileLock::ofDirectory(options.directory, system::Holding::Alone,
                                                                       Deadline::in(options.timeout), {}),
                                         StationCode::InternalFault));
    TRY_ASSIGN(const bool made,
               recoded(system::fileIsThere(options.directory / kStateFile), StationCode::InternalFault));
    if (made) {
        return {};
    }
    TRY(removeUnfinished(options.directory));
    TRY(makeDirectory(options.directory / kUnfinished));
    TRY(makeDirectory(options.authorityDirectory));
    TRY_ASSIGN(const auto configuration, writeConfiguration(options.authorityDirectory));

    const auto command = setupCommand(options, configuration);
    TRY_ASSIGN(auto setup, system::ChildProcess::start(command));
    TRY_ASSIGN(const int status, setup.wait(Deadline::in(options.timeout)));
    if (status == system::kExitNotFound) {
        return notInstalled("swtpm_setup");
    }
    if (status != 0) {
        return makeError(StationCode::InternalFault,
                         "swtpm_setup ended with " + std::to_string(status) + ": " + lastLineOf(command.logFile));
    }
    TRY(recoded(system::moveIntoPlace(options.directory / kUnfinished / kStateFile, options.directory / kStateFile),
                StationCode::InternalFault));
    return removeUnfinished(options.directory);
}

} // namespace enroll::app::software_tpm
