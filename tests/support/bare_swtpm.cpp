#include "tests/support/bare_swtpm.h"

#include "core/base/bytes.h"
#include "core/transport/open_channel.h"
#include "tests/support/bound_socket.h"
#include "tests/support/must.h"

#include <array>
#include <cstdio>
#include <cstdlib>

namespace enroll::test {
namespace {

constexpr std::chrono::seconds kPatience{30};

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::abort();
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
    const HeldPort data; // until swtpm has bound it
    m_port = data.number();
    const HeldPort controlPort;
    const auto control = controlPort.listen();
    std::vector<std::string> arguments{"swtpm", "socket", "--tpmstate", "dir=" + m_directory.string()};
    arguments.insert(arguments.end(), {"--server", "type=tcp,port=" + std::to_string(m_port)});
    arguments.insert(arguments.end(), {"--ctrl", "type=tcp,fd=" + std::to_string(control.fd())});
    arguments.insert(arguments.end(), {"--flags", "not-need-init"});
    if (kind == Kind::NotStarted) {
        arguments.emplace_back("--tpm2");
    }
    m_process = must(system::ChildProcess::start({.arguments = std::move(arguments),
                                                  .logFile = m_directory / "swtpm.log",
                                                  .inheritedDescriptors = {control.fd()}}));
    waitUntilReady(controlPort.number());
}

BareSwtpm::~BareSwtpm()
{
    m_process.reset();
    std::error_code ignored;
    std::filesystem::remove_all(m_directory, ignored);
}

} // namespace enroll::test
