#pragma once

#include "core/system/child_process.h"
#include "core/system/wake_up.h"
#include "core/transport/agent_files.h"
#include "tests/support/bound_socket.h"
#include "tests/support/must.h"

#include <QTemporaryDir>

#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace enroll::test {

/// A device's SSH server on a free port of loopback, which lets one key log in as the account that runs the test: Debian's sshd,
/// one for each connection, with keys and a configuration of its own. Gone with the object. Where sshd or ssh-keygen is missing,
/// the test program ends with the reason.
class SshServer {
public:
    /// \param configuration  further lines of sshd_config
    explicit SshServer(const std::string& configuration = {});
    SshServer(const SshServer&) = delete;
    SshServer& operator=(const SshServer&) = delete;
    ~SshServer();

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port.number(); }
    /// "ssh://127.0.0.1:41234?command=…"
    [[nodiscard]] std::string address(const std::string& command) const;
    /// What lets a station in: the key that the server takes, and the host key that it shows.
    [[nodiscard]] const transport::AgentFiles& files() const noexcept { return m_files; }
    /// The same with another \p key or \p hosts, files of this object's directory.
    [[nodiscard]] transport::AgentFiles filesWith(const std::string& key, const std::string& hosts) const;

    /// Makes a private key of this name, for filesWith(); returns its public half, "ssh-ed25519 AAAA…".
    std::string makeKey(const std::string& name) const;
    /// Writes a file of directory(): known hosts, for filesWith(), or another that is for its owner alone.
    void write(const std::string& name, const std::string& content) const;
    /// How this host stands in them, "[127.0.0.1]:41234".
    [[nodiscard]] std::string hostName() const { return "[127.0.0.1]:" + std::to_string(port()); }
    [[nodiscard]] const std::string& hostKey() const noexcept { return m_hostKey; } ///< its public half
    [[nodiscard]] std::filesystem::path directory() const { return m_directory.path().toStdString(); }

    /// True once no connection is left of those that came, within thirty seconds.
    bool isQuiet();
    /// Ends every connection at once, without a word to either end.
    void cut();
    /// Takes no further connection, and ends those that are there: the device is out.
    void stop();

private:
    void serve();

    QTemporaryDir m_directory;
    std::string m_hostKey;
    transport::AgentFiles m_files;
    HeldPort m_port; ///< also while the device is out
    system::Descriptor m_listener = m_port.listen();
    std::mutex m_mutex;
    std::vector<system::ChildProcess> m_connections;
    std::vector<system::Descriptor> m_sockets; ///< theirs, so that they can be cut
    system::WakeUp m_stop = must(system::WakeUp::create());
    std::jthread m_thread; // last: uses the others
};

/// The processes of OpenSSH's client that log in at \p port of this machine now.
std::vector<pid_t> sshClientsAt(std::uint16_t port);

} // namespace enroll::test
