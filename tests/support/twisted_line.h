#pragma once

#include "tests/support/tpm_relay.h"

#include <vector>

namespace enroll::test {

/// One command and the TPM's own response.
struct Exchange {
    std::uint32_t code = 0;
    Bytes command;
    Bytes response;
};

/// What a part on the line makes of a response. \p before are the exchanges that went before it.
using Twist = std::function<RelayReply(const Exchange& now, const std::vector<Exchange>& before)>;

/// What a part on the line asks the TPM by itself, once the command with that number came; what the TPM hears in place of
/// that command.
using Meddling = std::function<Bytes(Bytes command, const AskTpm& ask)>;

/// A line that tells the truth but for one response, the one with the number \p at, from 0. Without a twist it only
/// listens.
class TwistedLine {
public:
    /// Whether the TPM hears the command whose response is twisted; if not, that response is empty.
    enum class Command { CarriedOut, KeptBack };

    explicit TwistedLine(const std::string& tpmAddress, std::size_t at = 0, Twist twist = {},
                         Command command = Command::CarriedOut, Meddling meddling = {});

    [[nodiscard]] std::string address() const { return m_relay->address(); }
    /// All exchanges so far, as the TPM said them.
    [[nodiscard]] std::vector<Exchange> exchanges() const;
    /// False if the twist left the response as it was, or was never reached, and nothing meddled with the command.
    [[nodiscard]] bool lied() const;

private:
    struct Story;

    std::shared_ptr<Story> m_story;
    std::unique_ptr<TpmRelay> m_relay;
};

// Twists of bytes, for tables of them.

/// The response without sessions, parameters or handle: \p code alone.
Bytes bareResponse(std::uint16_t tag, std::uint32_t code);
/// The response with the size that it has in its header.
Bytes withOwnSize(Bytes response);
/// Where in a response what is: the parts that it has, in this order. An empty one has `begin == end`.
struct ResponseParts {
    struct Part {
        std::size_t begin = 0;
        std::size_t end = 0;
        [[nodiscard]] bool empty() const noexcept { return begin == end; }
    };
    Part handle;
    Part parameters;
    Part authorizations;
};
ResponseParts partsOf(const Exchange& exchange);

} // namespace enroll::test
