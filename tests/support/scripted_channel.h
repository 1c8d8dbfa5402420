#pragma once

#include "core/base/device_code.h"
#include "core/transport/tpm_channel.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <vector>

namespace enroll::test {

/// A channel in memory: gives out prepared pieces, one per receive(), and remembers what was sent. An empty piece is
/// the peer closing in good order; no piece left is silence until the deadline.
class ScriptedChannel final : public transport::TpmChannel {
public:
    struct Script {
        std::deque<Bytes> pieces;
        std::vector<Bytes> sent;
        std::function<void()> onSend = {}; ///< called with each send(), behind it
    };
    explicit ScriptedChannel(Script& script) : m_script(script) {}

    Result<void> send(ByteView bytes, const Deadline& /*deadline*/) override
    {
        m_script.sent.push_back(toBytes(bytes));
        if (m_script.onSend) {
            m_script.onSend();
        }
        return {};
    }

    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& /*deadline*/) override
    {
        if (m_interrupted) {
            return makeError(DeviceCode::Cancelled, "interrupted");
        }
        if (m_script.pieces.empty()) {
            return makeError(DeviceCode::TpmTimedOut, "silence");
        }
        const auto piece = std::move(m_script.pieces.front());
        m_script.pieces.pop_front();
        std::ranges::copy(piece, buffer.begin());
        return piece.size();
    }

    void interrupt() noexcept override { m_interrupted = true; }
    void resume() noexcept override { m_interrupted = false; }

private:
    Script& m_script;
    bool m_interrupted = false;
};

} // namespace enroll::test
