#include "tests/support/ssh_server.h"

#include "core/system/durable_file.h"
#include "core/system/whole_file.h"
#include "core/transport/device_address.h"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace enroll::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{30};
constexpr auto kSshd = "/usr/sbin/sshd"; // in nobody's PATH but root's

/// What sshd of Debian asks for before it gives rights up; its package makes it at each start of the machine.
void makeRunDirectory()
{
    if (::geteuid() == 0) {
        std::error_code ignored;
        fs::create_directory("/run/sshd", ignored);
    }
}

} // namespace

SshServer::SshServer(const std::string& configuration)
{
    if (!fs::exists(kSshd)) {
        qFatal("%s is missing: install openssh-server", kSshd);
    }
    makeRunDirectory();
    m_hostKey = makeKey("host");
    write("authorized", makeKey("station") + "\n");
    write("hosts", hostName() + " " + m_hostKey + "\n");
    m_files = filesWith("station", "hosts");
    const auto at = [this](const char* name) { return (directory() / name).string() + "\n"; };
    write("config", "HostKey " + at("host") + "AuthorizedKeysFile " + at("authorized") +
                        "StrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\n"
                        "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPidFile none\n" +
                        configuration);
    m_thread = std::jthread{[this] { serve(); }};
}

SshServer::~SshServer()
{
    stop();
}

void SshServer::serve()
{
    const system::Descriptor log{
        ::open((directory() / "log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    const auto configuration = (directory() / "config").string();
    for (;;) {
        std::array<pollfd, 2> waits{pollfd{m_stop.fd(), POLLIN, 0}, pollfd{m_listener.fd(), POLLIN, 0}};
        ::poll(waits.data(), waits.size(), -1);
        if (waits[0].revents != 0) {
            return;
        }
        system::Descriptor socket{::accept4(m_listener.fd(), nullptr, nullptr, SOCK_CLOEXEC)};
        if (!socket.valid()) {
            continue;
        }
        const std::scoped_lock lock{m_mutex};
        m_connections.push_back(
            must(system::ChildProcess::start({.arguments = {kSshd, "-i", "-e", "-f", configuration},
                                              .streams = system::ChildStreams{socket.fd(), socket.fd(), log.fd()}})));
        m_sockets.push_back(std::move(socket));
    }
}

std::string SshServer::address(const std::string& command) const
{
    return transport::toText(transport::SshAddress{{"127.0.0.1", port()}, {}, command});
}

transport::AgentFiles SshServer::filesWith(const std::string& key, const std::string& hosts) const
{
    transport::AgentFiles files;
    files.keyFile = directory() / key;
    files.knownHostsFile = directory() / hosts;
    return files;
}

std::string SshServer::makeKey(const std::string& name) const
{
    const auto file = directory() / name;
    auto made = must(system::ChildProcess::start(
        {.arguments = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file.string()},
         .logFile = directory() / "keygen-log"}));
    if (must(made.wait(Deadline::in(kPatience))) != 0) {
        qFatal("ssh-keygen made no key: is openssh-client there?");
    }
    auto text = must(system::readWholeText(file.string() + ".pub", 1000));
    text.erase(text.find_last_not_of('\n') + 1);
    return text;
}

void SshServer::write(const std::string& name, const std::string& content) const
{
    must(system::writeDurably(directory() / name, asBytes(content), system::FileMode::OwnerOnly));
}

bool SshServer::isQuiet()
{
    const std::scoped_lock lock{m_mutex};
    const auto deadline = Deadline::in(kPatience);
    bool quiet = true;
    for (auto& connection : std::exchange(m_connections, {})) {
        quiet = connection.wait(deadline).ok() && quiet;
    }
    m_sockets.clear();
    return quiet;
}

void SshServer::cut()
{
    const std::scoped_lock lock{m_mutex};
    for (const auto& socket : m_sockets) {
        ::shutdown(socket.fd(), SHUT_RDWR);
    }
    m_sockets.clear();
}

void SshServer::stop()
{
    m_stop.raise();
    if (m_thread.joinable()) {
        m_thread.join();
    }
    m_listener = {};
    cut();
    const std::scoped_lock lock{m_mutex};
    m_connections.clear();
}

std::vector<pid_t> sshClientsAt(std::uint16_t port)
{
    const auto wanted = "Port=" + std::to_string(port);
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator{"/proc"}) {
        std::ifstream file{entry.path() / "cmdline"};
        std::string argument;
        bool isClient = static_cast<bool>(std::getline(file, argument, '\0')) && argument == "ssh";
        bool isThere = false;
        while (isClient && std::getline(file, argument, '\0')) {
            isThere = isThere || argument == wanted;
        }
        if (isThere) {
            found.push_back(static_cast<pid_t>(std::stol(entry.path().filename().string())));
        }
    }
    return found;
}

} // namespace enroll::test
