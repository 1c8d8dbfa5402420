#include "app/agent/agent_application.h"
#include "app/agent/command_gate.h"
#include "app/arguments/strict_parse.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/without_exceptions.h"
#include "core/system/interrupt_watch.h"
#include "core/system/standard_descriptors.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>

namespace {

using namespace enroll::app::agent;

constexpr int kUsageInvalid = 2;
constexpr int kAgentFault = 12;

constexpr auto kDescription = "Relays the TPM of this device to an enrollment station, one station at a time. Commands "
                              "that a station does not need "
                              "do not reach the TPM; what a station loaded is flushed when its line ends.";
constexpr auto kFooter =
    "Exit status: 0 after SIGTERM, SIGINT or SIGHUP, and, with --stdio, when the station has hung up between two "
    "commands; "
    "2 wrong usage; 12 a fault, which standard error says. The first signal lets the TPM finish a command that it has "
    "begun, which for a key may take a minute; a second one ends the agent at once, with 130.";

void describeOptions(CLI::App& app, WrittenOptions& options)
{
    app.set_version_flag("--version", std::string{ENROLL_VERSION});
    app.add_option("--tpm", options.tpm, "the TPM to relay: dev:///dev/tpmrm0, or tcp://HOST:PORT of a software TPM")
        ->required();
    auto* listen =
        app.add_option("--listen", options.listen,
                       "tcp://127.0.0.1:PORT or tls://ADDRESS:PORT to wait for stations on; port 0 takes a "
                       "free one, which standard output says. TLS 1.3 lets in the plant's stations alone, and "
                       "takes any address");
    app.add_option("--keys", options.keys,
                   "directory with ca.pem, certificate.pem and key.pem, as `enrollctl agent-keys agent` makes it, for "
                   "tls://. The files are read at the start alone: restart the agent after a certificate was renewed")
        ->check(enroll::pathFault);
    auto* line = app.add_option("--serial", options.serialLine,
                                "serial line to wait for a station on, such as /dev/ttyGS0 of a USB gadget; no login "
                                "and no console may use it. An unplugged line is opened again as soon as it is there");
    app.add_option("--baud", options.baud,
                   "speed of --serial, the one that the station's address has: 115200 without it");
    app.add_flag("--stdio", options.standardStreams, "serves one station on standard input and output, as under sshd")
        ->excludes(listen)
        ->excludes(line);
    line->excludes(listen);
    app.add_flag("--allow-network", options.allowNetwork,
                 "lets --listen take a tcp:// address that is not loopback: for a cable that leads to the station "
                 "alone, because "
                 "whoever reaches it may use the TPM");
    app.add_option("--serial-number-file", options.serialNumberFile,
                   "file with the serial number to announce; without it, what the firmware says (DMI, device tree)")
        ->check(enroll::pathFault);
    app.add_option("--idle-seconds", options.idleSeconds, "how long a station may hold the line without a command")
        ->capture_default_str();
    for (const auto& permission : permissions()) {
        app.add_flag_callback(
            std::string{permission.option},
            [&options, code = permission.commandCode] { options.permitted.insert(code); },
            "lets through " + std::string{permission.what});
    }
    app.footer(kFooter);
}

} // namespace

int main(int argc, char** argv)
{
    enroll::system::occupyStandardDescriptors();
    const enroll::system::InterruptWatch interrupts;
    WrittenOptions written;
    CLI::App app{kDescription, "enroll-agent"};
    describeOptions(app, written);
    if (const auto ended = enroll::app::arguments::parseOrEnd(app, std::vector<std::string>{argv + 1, argv + argc})) {
        return *ended;
    }
    const auto outcome = enroll::withoutExceptions<void>("main thread", [&]() -> enroll::Result<void> {
        TRY_ASSIGN(const auto options, checkOptions(written));
        return runAgent(options, interrupts.token());
    });
    if (!outcome.ok()) {
        std::cerr << enroll::describeForLog(outcome.error()) << std::endl;
        return outcome.error().code == enroll::StationCode::UsageInvalid ? kUsageInvalid : kAgentFault;
    }
    return 0;
}
