#include "app/software_tpm/software_tpm.h"

#include "app/software_tpm/manufacture.h"
#include "core/base/bytes.h"
#include "core/base/station_code.h"
#include "core/system/descriptor.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace enroll::app::software_tpm {
namespace {

constexpr int kPortAttempts = 50;

Error systemError(std::string what)
{
    return makeError(StationCode::StationCannotReachPort, std::move(what), "swtpm", Errno{errno});
}

sockaddr_in loopback(std::uint16_t port) noexcept
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

system::Descriptor newSocket()
{
    system::Descriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const int on = 1;
    ::setsockopt(made.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return made;
}

bool bindTo(const system::Descriptor& socket, std::uint16_t port) noexcept
{
    const auto address = loopback(port);
    return ::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

std::uint16_t portOf(const system::Descriptor& socket) noexcept
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

/// Two adjacent free ports, reserved until swtpm has taken them. The swtpm TCTI of tpm2-tools expects the control
/// channel one port above the data channel.
///
/// The data port is reserved by a socket that is bound and does not listen: the kernel gives the port to nobody else,
/// but swtpm may bind it, because both sockets set SO_REUSEADDR. The control socket listens and is inherited by swtpm.
struct PortPair {
    system::Descriptor data;
    system::Descriptor control;
    std::uint16_t port;
};

/// Binds the data port to one that the system chooses, and the control port to the next. Nothing if that one is taken.
std::optional<PortPair> tryReservePorts()
{
    auto data = newSocket();
    auto control = newSocket();
    if (!bindTo(data, 0)) {
        return std::nullopt;
    }
    const auto port = portOf(data);
    if (port == UINT16_MAX || !bindTo(control, static_cast<std::uint16_t>(port + 1)) ||
        ::listen(control.fd(), 8) != 0) {
        return std::nullopt;
    }
    return PortPair{std::move(data), std::move(control), port};
}

Result<PortPair> reservePorts()
{
    for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
        if (auto pair = tryReservePorts()) {
            return std::move(*pair);
        }
    }
    return systemError("no two adjacent free ports on loopback");
}

system::ChildCommand swtpmCommand(const SoftwareTpmOptions& options, const PortPair& ports)
{
    return {.arguments = {"swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + options.directory.string(), "--server",
                          "type=tcp,port=" + std::to_string(ports.port), "--ctrl",
                          "type=tcp,fd=" + std::to_string(ports.control.fd()), "--flags",
                          "not-need-init,startup-clear"},
            .logFile = options.directory / "swtpm.log",
            .inheritedDescriptors = {ports.control.fd()}};
}

Result<system::Descriptor> connectTo(std::uint16_t port)
{
    auto socket = newSocket();
    const auto address = loopback(port);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return systemError("swtpm's port " + std::to_string(port) + " refuses a connection");
    }
    return socket;
}

/// Sends CMD_GET_CAPABILITY on the control channel and waits for an answer. swtpm serves that channel only when
/// everything else is up. If swtpm has ended, its listening socket is closed, and the connection fails at once.
Result<void> requireReady(std::uint16_t controlPort, const Deadline& deadline)
{
    TRY_ASSIGN(const auto control, connectTo(controlPort));
    const std::array<std::uint8_t, 4> getCapability{0, 0, 0, 1}; // CMD_GET_CAPABILITY
    if (::send(control.fd(), getCapability.data(), getCapability.size(), MSG_NOSIGNAL) != 4) {
        return systemError("swtpm's control channel accepts no command");
    }
    pollfd readable{control.fd(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(deadline.left().count())) <= 0) {
        return systemError("swtpm does not answer in time");
    }
    std::array<std::uint8_t, 16> answer{};
    if (::recv(control.fd(), answer.data(), answer.size(), 0) <= 0) {
        return systemError("swtpm ended at once; see swtpm.log in its directory");
    }
    return {};
}

/// The error for a TPM that does not get ready: one that names the packages to install if swtpm does not exist, else
/// \p cause.
Error notReady(system::ChildProcess& process, const Error& cause)
{
    const auto status = process.wait(Deadline::in(std::chrono::milliseconds{100}));
    if (status.ok() && *status == system::kExitNotFound) {
        return notInstalled("swtpm");
    }
    return cause;
}

struct Running {
    system::ChildProcess process;
    std::uint16_t port;
};

Result<Running> run(const SoftwareTpmOptions& options)
{
    TRY_ASSIGN(auto ports, reservePorts());
    const auto port = ports.port;
    TRY_ASSIGN(auto process, system::ChildProcess::start(swtpmCommand(options, ports)));
    {
        const auto handedOver = std::move(ports.control);
    } // closed here: with this copy open, connections would still be accepted after swtpm has ended
    const auto ready = requireReady(static_cast<std::uint16_t>(port + 1), Deadline::in(options.timeout));
    if (!ready.ok()) {
        return notReady(process, ready.error());
    }
    TRY(connectTo(port)); // the data port answers as well
    return Running{std::move(process), port};
}

} // namespace

SoftwareTpm::SoftwareTpm(system::ChildProcess process, std::uint16_t port, const SoftwareTpmOptions& options)
    : m_process(std::move(process)), m_port(port), m_directory(options.directory),
      m_authorityDirectory(options.authorityDirectory)
{}

Result<SoftwareTpm> SoftwareTpm::start(const SoftwareTpmOptions& options)
{
    TRY(manufacture(options));
    TRY_ASSIGN(auto running, run(options));
    return SoftwareTpm{std::move(running.process), running.port, options};
}

std::string SoftwareTpm::address() const
{
    return "tcp://127.0.0.1:" + std::to_string(m_port);
}

std::string SoftwareTpm::tctiConf() const
{
    return "swtpm:host=127.0.0.1,port=" + std::to_string(m_port);
}

std::vector<std::filesystem::path> SoftwareTpm::caCertificates() const
{
    const auto files = authorityFiles(m_authorityDirectory);
    return {files.rootCertificate, files.issuerCertificate};
}

} // namespace enroll::app::software_tpm
