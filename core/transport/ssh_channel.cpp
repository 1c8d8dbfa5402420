#include "core/transport/ssh_channel.h"

#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/written_text.h"
#include "core/transport/ssh_command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace enroll::transport {
namespace {

/// How much is kept of the sentences of the client and the device: the last bytes.
constexpr std::size_t kMostWords = std::size_t{16} * 1024;
/// How long a client that has closed its output may take to end.
constexpr std::chrono::seconds kEnding{1};

bool isEnd(int number) noexcept
{
    return number == EPIPE || number == ECONNRESET;
}

Error noLogin(std::string what, std::string_view said)
{
    return makeError(StationCode::LoginImpossible, withSaid(std::move(what), said), "SSH login");
}

Error broken(const char* operation)
{
    return makeError(StationCode::StationCannotReachPort, "the stream to ssh broke", operation, Errno{errno});
}

} // namespace

Result<std::unique_ptr<TpmChannel>> SshChannel::open(const SshAddress& address, const AgentFiles& files,
                                                     const Deadline& deadline, std::stop_token stop)
{
    TRY(requireUsableForSsh(files));
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    const std::stop_callback onStop{std::move(stop), [&interrupt] { interrupt.raise(); }};
    // The client gives up a second before the deadline, so that its words tell how far it was; it counts in whole seconds.
    TRY_ASSIGN(auto channel, start(sshCommand(address, files, deadline.left() - std::chrono::seconds{1}),
                                   address.jump ? SshWay::ByJumpHost : SshWay::Direct));
    TRY(channel->awaitLogin(deadline, interrupt));
    return std::unique_ptr<TpmChannel>{std::move(channel)};
}

Result<std::unique_ptr<SshChannel>> SshChannel::start(std::vector<std::string> arguments, SshWay way)
{
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return broken("socketpair");
    }
    system::Descriptor stream{ends[0]};
    const system::Descriptor clients{ends[1]};
    TRY_ASSIGN(auto words, system::ChildWords::create(kMostWords));
    TRY_ASSIGN(auto interrupt, system::WakeUp::create());
    TRY_ASSIGN(auto client, system::ChildProcess::start(
                                {.arguments = std::move(arguments),
                                 .environment = sshEnvironment(),
                                 .streams = system::ChildStreams{clients.fd(), clients.fd(), words.childsEnd()}}));
    words.giveAway();
    return std::unique_ptr<SshChannel>{
        new SshChannel{std::move(stream), std::move(words), std::move(client), std::move(interrupt), way}};
}

Result<void> SshChannel::awaitLogin(const Deadline& deadline, const system::WakeUp& interrupt)
{
    std::array<char, kLoggedIn.size()> said{};
    std::size_t count = 0;
    while (count < said.size()) {
        const auto room = std::as_writable_bytes(std::span{said}.subspan(count));
        const auto some = receiveSome(room, deadline, interrupt);
        if (!some && some.error().code == DeviceCode::TpmTimedOut) {
            return noLogin("the SSH login did not end in time", m_words.from(0)); // nobody knows at which host it stays
        }
        TRY(some);
        if (*some == 0) {
            TRY_ASSIGN(const auto status,
                       ended(deadline, interrupt)); // before its words are read: all of them have come then
            return sshLoginFault(status, m_words.from(0), m_way);
        }
        count += *some;
    }
    if (!std::ranges::equal(said, kLoggedIn)) {
        return noLogin("the program `ssh` says something else than that it logged in", {said.data(), said.size()});
    }
    m_saidAtLogin = m_words.size();
    return {};
}

Result<void> SshChannel::send(ByteView bytes, const Deadline& deadline)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_stream.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(sent));
            continue;
        }
        if (isEnd(errno)) {
            return relayFault(deadline);
        }
        if (errno != EAGAIN && errno != EINTR) {
            return broken("send");
        }
        TRY(wait(POLLOUT, deadline, m_interrupt));
    }
    return {};
}

Result<std::size_t> SshChannel::receive(std::span<std::byte> buffer, const Deadline& deadline)
{
    auto count = receiveSome(buffer, deadline, m_interrupt);
    if (!count) {
        auto error = std::move(count).error();
        if (error.code == DeviceCode::TpmTimedOut) {
            error.what = withSaid(std::move(error.what), m_words.from(m_saidAtLogin));
        }
        return error;
    }
    if (*count == 0) {
        return relayFault(deadline);
    }
    if (!m_answered && textBeforeAnswer(buffer.first(*count))) {
        return *textBeforeAnswer(withMore(buffer.first(*count)));
    }
    m_answered = true;
    return count;
}

/// \p first, and what has come behind it, so that a person is told more of a text than a TPM's header has room for.
Bytes SshChannel::withMore(ByteView first) const
{
    auto all = toBytes(first);
    std::array<std::byte, kMostShown> more{};
    const auto count = ::recv(m_stream.fd(), more.data(), more.size(), MSG_DONTWAIT);
    all.insert(all.end(), more.begin(), more.begin() + std::max<ssize_t>(count, 0));
    return all;
}

/// How many bytes came; 0 where the client has closed its output.
Result<std::size_t> SshChannel::receiveSome(std::span<std::byte> buffer, const Deadline& deadline,
                                            const system::WakeUp& interrupt)
{
    for (;;) {
        TRY(wait(POLLIN, deadline, interrupt));
        const auto count = ::recv(m_stream.fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (isEnd(errno)) { // the client ended and left unread what was sent to it
            return std::size_t{0};
        }
        if (errno != EAGAIN && errno != EINTR) {
            return broken("recv");
        }
    }
}

/// Waits for the stream, and takes in meanwhile what is said: the device's words and its bytes share one window of the SSH
/// connection, which would fill up.
Result<void> SshChannel::wait(short events, const Deadline& deadline, const system::WakeUp& interrupt)
{
    for (;;) {
        std::array<pollfd, 2> entries{pollfd{m_stream.fd(), events, 0}, pollfd{m_words.fd(), POLLIN, 0}};
        TRY(waitUntilAnyIsReady(entries, deadline, interrupt));
        if (entries[1].revents != 0) {
            m_words.take();
        }
        if (entries[0].revents != 0) {
            return {};
        }
        if (deadline.passed()) { // words that keep coming must not hide that
            return noAnswerInTime();
        }
    }
}

/// Waits for the client's end, and takes in its last words, for which it may wait itself; an end that does not come is made.
/// Error D-141 if \p interrupt is raised meanwhile.
Result<SshStatus> SshChannel::ended(const Deadline& deadline, const system::WakeUp& interrupt)
{
    const auto ending = Deadline::in(std::min<std::chrono::milliseconds>(kEnding, deadline.left()));
    TRY_ASSIGN(const auto end, m_client.watch());
    std::array<pollfd, 2> entries{pollfd{end.fd(), POLLIN, 0}, pollfd{}};
    while (entries[0].revents == 0 && !ending.passed()) {
        entries[1] = {m_words.fd(), POLLIN, 0};
        if (const auto ready = waitUntilAnyIsReady(entries, ending, interrupt);
            !ready && ready.error().code != DeviceCode::TpmTimedOut) {
            m_client.kill();
            return ready.error();
        }
        m_words.take();
    }
    const auto status = m_client.wait(Deadline::in({}));
    m_client.kill();
    m_words.take();
    return status ? SshStatus{*status} : std::nullopt;
}

Error SshChannel::relayFault(const Deadline& deadline)
{
    const auto status = ended(deadline, m_interrupt); // before its words are read
    return status ? sshRelayFault(*status, m_words.from(m_saidAtLogin), m_answered, m_way) : status.error();
}

} // namespace enroll::transport
