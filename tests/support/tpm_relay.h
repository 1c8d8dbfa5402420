#pragma once

#include "core/base/bytes.h"
#include "core/transport/device_address.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace enroll::test {

/// What the relay gives the station for one command.
struct RelayReply {
    enum class Then { Continue, Close, Stall, Leave }; ///< Leave: closes, and from then on nobody is at the address

    Bytes bytes;
    std::chrono::microseconds since = {}; ///< not before this long after the command came
    Then then = Then::Continue;           ///< Stall: nothing more, until the station hangs up
    /// So many bytes at a time, each of these pieces `since` after the one before; absent: all at once.
    std::optional<std::size_t> piece = {};
};

/// What the relay itself asks the TPM on its line; the TPM's answer.
using AskTpm = std::function<Bytes(const Bytes& command)>;

/// How a relay differs from a piece of cable. Called on the relay's thread.
struct RelayBehaviour {
    /// Answers in the TPM's place, or lets the command through.
    std::function<std::optional<RelayReply>(std::uint32_t commandCode)> instead;
    /// Makes the station's reply of the TPM's.
    std::function<RelayReply(std::uint32_t commandCode, Bytes response)> reply;
    /// Hears each command whole, before the two above are asked.
    std::function<void(const Bytes& command)> heard = {};
    /// What the TPM hears in place of the station's command.
    std::function<Bytes(Bytes command, const AskTpm& ask)> forwarded = {};
};

/// A TCP relay on loopback between a station and a TPM, one station at a time, on a thread of its own. Counts the commands
/// that came, by command code. Ends with its object, whatever it is waiting for.
class TpmRelay {
public:
    /// \p port  0: a free one; another one is held by a socket of this process that allows SO_REUSEPORT
    TpmRelay(const std::string& tpmAddress, RelayBehaviour behaviour, std::uint16_t port = 0);
    TpmRelay(const TpmRelay&) = delete;
    TpmRelay& operator=(const TpmRelay&) = delete;
    ~TpmRelay();

    /// "tcp://127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    [[nodiscard]] std::uint64_t commands() const;
    [[nodiscard]] std::uint64_t commands(std::uint32_t commandCode) const;

private:
    struct Line;

    void serve();
    void serveStation(int station);
    bool serveCommand(Line& line);
    std::optional<RelayReply> replyTo(Line& line, std::uint32_t commandCode, const Bytes& command);
    bool deliver(Line& line, const RelayReply& reply, std::chrono::steady_clock::time_point cameAt);
    void leave();

    transport::DeviceAddress m_tpm;
    RelayBehaviour m_behaviour;
    std::uint16_t m_port; // a free one is known when the listener is made
    int m_listener = -1;
    int m_stop = -1;
    mutable std::mutex m_mutex;
    std::map<std::uint32_t, std::uint64_t> m_counts;
    std::thread m_thread; // last: started when everything else is there
};

} // namespace enroll::test
