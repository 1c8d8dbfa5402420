#include "tests/support/bare_swtpm.h"

#include "core/base/bytes.h"
#include "core/system/descriptor.h"
#include "core/transport/open_channel.h"
#include "tests/support/must.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>

namespace enroll::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::abort();
}

struct BoundSocket {
    system::Descriptor socket;
    std::uint16_t port = 0;
};

/// A socket that is bound to a free port and does not listen: the kernel gives the port to nobody else, and swtpm may
/// bind it, because both set SO_REUSEADDR.
BoundSocket bindToFreePort()
{
    BoundSocket made{system::Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}};
    const int on = 1;
    ::setsockopt(made.socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(made.socket.fd(), generic, size) != 0 || ::getsockname(made.socket.fd(), generic, &size) != 0) {
        die("swtpm: no port");
    }
    made.port = ntohs(address.sin_port);
    return made;
}

/// Asks on the control channel, which swtpm serves when everything else is up.
void waitUntilReady(std::uint16_t controlPort)
{
    const auto address = must(transport::parseDeviceAddress("tcp://127.0.0.1:" + std::to_string(controlPort)));
    const auto deadline = Deadline::in(kPatience);
    const auto control = must(transport::openChannel(address, deadline, {}));
    must(control->send(ByteWriter{}.u32(1).view(), deadline)); // CMD_GET_CAPABILITY
    std::array<std::byte, 16> answer{};
    if (must(control->receive(answer, deadline)) == 0) {
        die("swtpm ended at once");
    }
}

std::filesystem::path newDirectory()
{
    auto name = (std::filesystem::temp_directory_path() / "bare-swtpm-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        die("swtpm: no directory");
    }
    return name;
}

} // namespace

BareSwtpm::BareSwtpm(Kind kind) : m_directory(newDirectory())
{
    auto data = bindToFreePort();
    m_port = data.port;
    const auto control = bindToFreePort();
    if (::listen(control.socket.fd(), 8) != 0) {
        die("swtpm: no control channel");
    }
    std::vector<std::string> arguments{"swtpm", "socket", "--tpmstate", "dir=" + m_directory.string()};
    arguments.insert(arguments.end(), {"--server", "type=tcp,port=" + std::to_string(m_port)});
    arguments.insert(arguments.end(), {"--ctrl", "type=tcp,fd=" + std::to_string(control.socket.fd())});
    arguments.insert(arguments.end(), {"--flags", "not-need-init"});
    if (kind == Kind::NotStarted) {
        arguments.emplace_back("--tpm2");
    }
    m_process = must(system::ChildProcess::start({.arguments = std::move(arguments),
                                                  .logFile = m_directory / "swtpm.log",
                                                  .inheritedDescriptors = {control.socket.fd()}}));
    waitUntilReady(control.port);
}

BareSwtpm::~BareSwtpm()
{
    m_process.reset();
    std::error_code ignored;
    std::filesystem::remove_all(m_directory, ignored);
}

} // namespace enroll::test
