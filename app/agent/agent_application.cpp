#include "app/agent/agent_application.h"

#include "app/agent/descriptor_line.h"
#include "app/agent/device_serial.h"
#include "app/agent/doorkeeper.h"
#include "app/agent/serial_door.h"
#include "core/base/clock.h"
#include "core/base/device_code.h"
#include "core/base/host_text.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"

#include <algorithm>
#include <iostream>
#include <unistd.h>

namespace enroll::app::agent {
namespace {

Result<std::string> serialNumberFor(const AgentOptions& options)
{
    if (!options.serialNumberFile.empty()) {
        return readSerialNumber(options.serialNumberFile);
    }
    auto serial = serialNumberOfFirmware(firmwareSerialFiles());
    if (serial.empty()) {
        std::cerr << "no serial number is announced: the firmware has none, or this account may not read it; "
                     "--serial-number-file names a file with it\n"
                  << std::flush;
    }
    return serial;
}

/// How long a peer may take for its handshake: shorter than a station waits that has to wait for it.
constexpr std::chrono::seconds kHandshake{3};

/// Reads the keys of \p options, and checks them.
Result<Reception> receptionFor(const AgentOptions& options)
{
    if (!options.listen || !options.listen->keys) {
        return receiveAnybody();
    }
    auto context = transport::TlsContext::load(*options.listen->keys, transport::TlsRole::Agent, utcNow());
    if (!context) {
        auto error = context.error();
        error.trail.emplace_back("--keys takes a directory as `enrollctl agent-keys agent` makes it, whose files "
                                 "belong to the account that runs the agent");
        return error;
    }
    return receiveByTls(std::move(context).value(), std::min(options.idle, kHandshake));
}

Result<void> serveOverNetwork(const Listening& listen, const TpmRelay& relay, const Reception& reception,
                              const std::stop_token& stop)
{
    TRY_ASSIGN(const auto door, Doorkeeper::open(listen.address));
    std::cout << "listening on " << (listen.keys ? "tls://" : "tcp://") << hostAndPort(listen.address.host, door.port())
              << std::endl;
    return door.run(relay, reception, stop);
}

Result<void> serveOverSerialLine(const transport::SerialAddress& address, const TpmRelay& relay,
                                 const std::stop_token& stop)
{
    TRY_ASSIGN(auto door, SerialDoor::open(address));
    std::cout << "listening on " << transport::toText(address) << std::endl;
    return door.run(relay, stop);
}

/// sshd, or whoever started the agent, hands the station's bytes over. A terminal has no station behind it.
Result<void> serveStandardStreams(const TpmRelay& relay, const std::stop_token& stop)
{
    if (::isatty(STDIN_FILENO) == 1 || ::isatty(STDOUT_FILENO) == 1) {
        return makeError(StationCode::UsageInvalid,
                         "--stdio needs a station at standard input and output, and there is a terminal");
    }
    TRY_ASSIGN(const auto stopping, system::WakeUp::create());
    const std::stop_callback onStop{stop, [&stopping] { stopping.raise(); }};
    const auto report = relay.serve(DescriptorLine{STDIN_FILENO, STDOUT_FILENO, stopping});
    if (!report.why.empty()) {
        return makeError(DeviceCode::NoTpmAnswers, report.why);
    }
    return {};
}

} // namespace

Result<void> runAgent(const AgentOptions& options, const std::stop_token& stop)
{
    RelayDeadlines deadlines;
    deadlines.idle = options.idle;
    const OpenTpm open = [&options, wait = deadlines.tpm.connect] {
        return transport::openChannel(options.tpm, Deadline::in(wait), std::stop_token{});
    };
    TRY_ASSIGN(const auto reception, receptionFor(options)); // first: nothing else is open yet
    TRY_ASSIGN(auto serial, serialNumberFor(options));
    TRY(open()); // and closed again: a TPM that is not there is known at the start
    const TpmRelay relay{open,
                         CommandGate{options.permitted},
                         {tpm::kAgentProtocol, std::move(serial), transport::toText(options.tpm)},
                         deadlines};
    if (options.serialLine) {
        return serveOverSerialLine(*options.serialLine, relay, stop);
    }
    return options.listen ? serveOverNetwork(*options.listen, relay, reception, stop)
                          : serveStandardStreams(relay, stop);
}

} // namespace enroll::app::agent
