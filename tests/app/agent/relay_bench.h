#pragma once

#include "app/agent/descriptor_line.h"
#include "app/agent/tpm_relay.h"
#include "core/base/device_code.h"
#include "core/system/descriptor.h"
#include "tests/support/must.h"
#include "tests/support/tpm_commands.h"

#include <array>
#include <deque>
#include <fcntl.h>
#include <unistd.h>

namespace enroll::test {

/// A TPM in memory. It loads an object with each TPM2_CreatePrimary and a session with each TPM2_StartAuthSession, answers
/// everything else with a bare success, and notes what it was sent.
struct PlayedTpm {
    std::vector<Bytes> heard;
    std::set<std::uint32_t> loaded;
    std::deque<Bytes> instead = {}; ///< responses to the next commands; an empty one is silence
    int opened = 0;
    std::uint32_t next = 0;

    Bytes respond(ByteView command)
    {
        heard.push_back(toBytes(command));
        if (!instead.empty()) {
            auto response = std::move(instead.front());
            instead.pop_front();
            return response;
        }
        return respondWell(must(tpm::parseCommandHeader(command)), command);
    }

private:
    /// True for commands that have a response of their own below.
    static bool has(std::uint32_t code)
    {
        using namespace tpm::command_code;
        return code == kCreatePrimary || code == kStartAuthSession || code == kFlushContext || code == kGetRandom;
    }
    Bytes respondWell(const tpm::CommandHeader& header, ByteView command)
    {
        using namespace tpm::command_code;
        constexpr std::uint32_t kAuthMissing = 0x125; // also in the place of TPM_RC_AUTH_CONTEXT
        const bool wrongTag = (header.commandCode == kCreatePrimary) != (header.tag == tpm::kTagSessions);
        if (wrongTag && has(header.commandCode)) {
            return plainFrame(kAuthMissing);
        }
        if (header.commandCode == kCreatePrimary) { // a handle, an empty public area, and an authorization
            return frameOf(tpm::kTagSessions, 0,
                           responseThatLoads(0x80000000 + next++, {0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0}));
        }
        if (header.commandCode == kStartAuthSession) { // a handle, an empty nonce
            return plainFrame(0, responseThatLoads(0x02000000 + next++, {0, 0}));
        }
        if (header.commandCode == kFlushContext) {
            constexpr std::uint32_t kWrongSize = 0x095; // more or less than one handle: nothing is done
            if (command.size() != tpm::kHeaderSize + sizeof(std::uint32_t)) {
                return plainFrame(kWrongSize);
            }
            return plainFrame(loaded.erase(handleIn(command)) > 0 ? 0 : 0x1C4);
        }
        if (header.commandCode == kGetRandom) {
            return plainFrame(0, ByteWriter{}.sized(asBytes("random")).view());
        }
        return frameOf(header.tag, 0, header.tag == tpm::kTagSessions ? emptyAuthorization() : Bytes{});
    }
    Bytes responseThatLoads(std::uint32_t handle, std::initializer_list<std::uint8_t> rest)
    {
        loaded.insert(handle);
        ByteWriter writer;
        writer.u32(handle);
        for (const auto byte : rest) {
            writer.u8(byte);
        }
        return std::move(writer).take();
    }
    static Bytes emptyAuthorization()
    {
        ByteWriter writer; // no parameters; nonce, attributes, HMAC
        writer.u32(0).u16(0).u8(1).u16(0);
        return std::move(writer).take();
    }
};

/// The line to a PlayedTpm.
class PlayedChannel final : public transport::TpmChannel {
public:
    explicit PlayedChannel(PlayedTpm& tpm) : m_tpm(tpm) {}
    Result<void> send(ByteView bytes, const Deadline& /*deadline*/) override
    {
        m_response = m_tpm.respond(bytes);
        return {};
    }
    Result<std::size_t> receive(std::span<std::byte> buffer, const Deadline& /*deadline*/) override
    {
        if (m_response.empty()) {
            return makeError(DeviceCode::TpmTimedOut, "silence");
        }
        std::ranges::copy(m_response, buffer.begin());
        return m_response.size();
    }
    void interrupt() noexcept override {}
    void resume() noexcept override {}

private:
    PlayedTpm& m_tpm;
    Bytes m_response;
};

inline constexpr auto kPlayedNode = "dev:///dev/tpmrm0";

inline app::agent::RelayDeadlines shortDeadlines()
{
    using std::chrono::milliseconds;
    app::agent::RelayDeadlines deadlines;
    deadlines.idle = milliseconds{50};
    deadlines.command = milliseconds{50};
    deadlines.response = milliseconds{50};
    return deadlines;
}

/// A relay between a PlayedTpm and a station whose bytes are all there before it begins.
struct RelayBench {
    PlayedTpm tpm = {};
    std::set<std::uint32_t> permitted = {};
    bool tpmIsThere = true;
    system::WakeUp stop = must(system::WakeUp::create());

    RelayBench()
    {
        connect(near.in, far.out);
        connect(far.in, near.out);
    }

    /// The station sends \p bytes; false if not all of them fit the line.
    bool say(ByteView bytes) const
    {
        return ::write(far.out.fd(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    }
    void hangUp() { far.out = {}; }

    app::agent::LineReport serve()
    {
        const auto open = [this]() -> Result<std::unique_ptr<transport::TpmChannel>> {
            ++tpm.opened;
            if (!tpmIsThere) {
                return makeError(DeviceCode::NoTpmAnswers, "no TPM");
            }
            return std::unique_ptr<transport::TpmChannel>{std::make_unique<PlayedChannel>(tpm)};
        };
        const app::agent::TpmRelay relay{open,
                                         app::agent::CommandGate{permitted},
                                         {tpm::kAgentProtocol, "GX-000183", kPlayedNode},
                                         shortDeadlines()};
        return relay.serve(app::agent::DescriptorLine{near.in.fd(), near.out.fd(), stop});
    }

    /// As serve(), for a station that sends \p bytes and hangs up.
    app::agent::LineReport serve(ByteView bytes)
    {
        if (!say(bytes)) {
            std::abort();
        }
        hangUp();
        return serve();
    }

    /// The response that the station hears next; empty if none is there.
    [[nodiscard]] Bytes heard() const
    {
        Bytes frame(tpm::kHeaderSize);
        if (::read(far.in.fd(), frame.data(), frame.size()) != static_cast<ssize_t>(frame.size())) {
            return {};
        }
        frame.resize(must(tpm::announcedSize(frame)));
        const auto rest = std::span{frame}.subspan(tpm::kHeaderSize);
        return ::read(far.in.fd(), rest.data(), rest.size()) == static_cast<ssize_t>(rest.size()) ? frame : Bytes{};
    }

    struct End {
        system::Descriptor in;
        system::Descriptor out;
    };
    End near = {}; ///< the agent's
    End far = {};  ///< the station's

private:
    /// A pipe that takes as much as the system lets it.
    static void connect(system::Descriptor& reading, system::Descriptor& writing)
    {
        constexpr int kRoom = 1 << 20;
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0 || ::fcntl(ends[1], F_SETPIPE_SZ, kRoom) < 0) {
            std::abort();
        }
        reading = system::Descriptor{ends[0]};
        writing = system::Descriptor{ends[1]};
    }
};

} // namespace enroll::test
