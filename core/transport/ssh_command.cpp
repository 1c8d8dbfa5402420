#include "core/transport/ssh_command.h"

#include "core/base/host_text.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/system/regular_file.h"
#include "core/system/secret_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace enroll::transport {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKeyBytes = std::size_t{64} * 1024;

/// What never changes. Each option stands here by name, also where its value is OpenSSH's own without a configuration: a
/// distribution may build another one in. Source: ssh_config(5).
constexpr std::array kOptions{
    // Nobody is asked, and no terminal is there.
    "BatchMode=yes", "RequestTTY=no", "EscapeChar=none", "LogLevel=INFO",
    // The host: by this station's file alone, which nothing changes.
    "StrictHostKeyChecking=yes", "GlobalKnownHostsFile=/dev/null", "UpdateHostKeys=no", "VerifyHostKeyDNS=no",
    "CheckHostIP=no", "CanonicalizeHostname=no",
    // The login: by this station's key alone.
    "IdentitiesOnly=yes", "IdentityAgent=none", "PKCS11Provider=none", "AddKeysToAgent=no",
    "PreferredAuthentications=publickey", "PubkeyAuthentication=yes", "PasswordAuthentication=no",
    "KbdInteractiveAuthentication=no", "HostbasedAuthentication=no", "GSSAPIAuthentication=no",
    "NumberOfPasswordPrompts=0",
    // The device gets nothing of this machine's, and no connection is shared.
    "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes", "Tunnel=no", "ControlMaster=no", "ControlPath=none",
    "ControlPersist=no", "Compression=no",
    // A line that is silent ends within nine seconds, before a TPM's answer is missed (ten): only so is a
    // jump host that stands still told from a TPM that does. Eight seconds for a packet of a login.
    "ConnectionAttempts=1", "TCPKeepAlive=yes", "ServerAliveInterval=1", "ServerAliveCountMax=8"};

/// What begins with a percent sign is replaced in the value of some options.
std::string doubledPercents(std::string_view text)
{
    std::string doubled;
    for (const char c : text) {
        doubled.append(c == '%' ? 2 : 1, c);
    }
    return doubled;
}

/// \p file as the value of an option, which quotation marks hold together.
std::string asValue(const fs::path& file)
{
    return '"' + doubledPercents(file.native()) + '"';
}

using Words = std::vector<std::string>;

void addOption(Words& words, std::string option)
{
    words.emplace_back("-o");
    words.push_back(std::move(option));
}

/// The client up to its host, all but what it is for.
Words clientFor(const SshLogin& login, const AgentFiles& files, std::chrono::seconds patience)
{
    Words words{kSshClient, "-F", "none", "-T"};
    for (const auto* option : kOptions) {
        addOption(words, option);
    }
    addOption(words, "ConnectTimeout=" + std::to_string(patience.count()));
    addOption(words, "UserKnownHostsFile=" + asValue(files.knownHostsFile));
    addOption(words, "IdentityFile=" + asValue(files.keyFile));
    if (!login.user.empty()) {
        addOption(words, "User=" + login.user);
    }
    addOption(words, "Port=" + std::to_string(login.place.port));
    return words;
}

/// \p word as a shell reads it back.
std::string forShell(std::string_view word)
{
    std::string text{'\''};
    for (const char c : word) {
        text += c == '\'' ? std::string{"'\\''"} : std::string{c};
    }
    return text + '\'';
}

/// How the client comes to \p place: by itself, or by another client that logs in at the jump host and is joined to the place
/// there. OpenSSH's own ProxyJump would start that one without these options.
std::string wayTo(const TcpAddress& place, const std::optional<SshLogin>& jump, const AgentFiles& files,
                  std::chrono::seconds patience)
{
    if (!jump) {
        return "ProxyCommand=none";
    }
    // Half of it, so that a silent jump host is told from a silent device.
    auto words = clientFor(*jump, files, std::max(patience / 2, std::chrono::seconds{1}));
    addOption(words, "ProxyCommand=none");
    addOption(words, "PermitLocalCommand=no");
    words.insert(words.end(), {"-W", hostAndPort(place.host, place.port), "--", jump->place.host});
    std::string way{"ProxyCommand="};
    for (const auto& word : words) {
        way += forShell(doubledPercents(word)) + " ";
    }
    way.pop_back();
    return way;
}

/// OpenSSH has no way to write these: it replaces "${…}" and a "~" at the beginning.
Result<void> requirePlain(const char* key, const fs::path& file)
{
    const auto& text = file.native();
    if (text.find_first_of("\"\\$\n") == std::string::npos && !text.starts_with('~')) {
        return {};
    }
    return makeError(StationCode::ConfigurationInvalid,
                     std::string{"agent."} + key + " is " + quotedText(text) +
                         ", and ssh takes no path with a quotation mark, a backslash, a dollar sign or a tilde: "
                         "give the file another name");
}

/// Whoever may write host keys decides which machine passes for a device.
Result<void> requireOwnersAlone(const fs::path& file)
{
    TRY_ASSIGN(const auto opened, system::openRegularFile(file));
    struct stat status {};
    if (::fstat(opened.fd(), &status) != 0) {
        return makeError(StationCode::FileUnusable, file.string() + " cannot be read", "stat", Errno{errno});
    }
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        return makeError(StationCode::FileUnusable,
                         file.string() +
                             " holds the host keys that this station believes, and others can write it; run: "
                             "chmod go-w " +
                             file.string());
    }
    return {};
}

/// As execvp(3) finds it: an empty entry is the working directory, and what is no file is passed over.
bool isProgram(const fs::path& file)
{
    std::error_code unknown;
    return fs::is_regular_file(file, unknown) && ::access(file.c_str(), X_OK) == 0;
}

} // namespace

Result<void> requireNamedForSsh(const AgentFiles& files)
{
    if (!files.completeForSsh()) {
        return makeError(StationCode::ConfigurationInvalid,
                         "a device at ssh:// needs key_file and known_hosts_file in [agent] of the station's "
                         "configuration: the key by which this station logs in, and the host keys of the devices");
    }
    TRY(requirePlain("key_file", files.keyFile));
    return requirePlain("known_hosts_file", files.knownHostsFile);
}

Result<void> requireUsableForSsh(const AgentFiles& files)
{
    TRY(requireNamedForSsh(files));
    TRY(requireOwnersAlone(files.knownHostsFile));
    TRY(system::readSecretFile(files.keyFile, kMostKeyBytes));
    return {};
}

Result<void> requireSshClient()
{
    const char* path = std::getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nobody changes it
    std::string_view left = path != nullptr ? path : "/bin:/usr/bin"; // as execvp(3) has it
    for (bool more = true; more;) {
        const auto end = left.find(':');
        if (isProgram(fs::path{left.substr(0, end)} / kSshClient)) {
            return {};
        }
        more = end != std::string_view::npos;
        left.remove_prefix(more ? end + 1 : 0);
    }
    return makeError(StationCode::StationCannotReachPort, kNoSshClient);
}

std::vector<std::string> sshCommand(const SshAddress& address, const AgentFiles& files,
                                    std::chrono::milliseconds patience)
{
    const auto seconds = std::max(std::chrono::floor<std::chrono::seconds>(patience), std::chrono::seconds{1});
    auto words = clientFor({address.place, address.user}, files, seconds);
    addOption(words, wayTo(address.place, address.jump, files, seconds));
    // This is run on this machine when the login is done. It says kLoggedIn.
    addOption(words, "PermitLocalCommand=yes");
    addOption(words, "LocalCommand=echo logged in");
    // Behind this nothing is an option, whatever it begins with.
    words.insert(words.end(), {"--", address.place.host});
    words.emplace_back(address.command.empty() ? kUsualRelay : std::string_view{address.command});
    return words;
}

std::vector<std::string> sshEnvironment()
{
    return {"SHELL=/bin/sh", // runs LocalCommand, also where the account's shell lets nobody in
            "LC_ALL=C"};
}

} // namespace enroll::transport
