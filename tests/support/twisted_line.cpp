#include "tests/support/twisted_line.h"

#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"

#include <algorithm>

namespace enroll::test {
namespace {

std::uint32_t fieldAt(ByteView frame, std::size_t offset)
{
    ByteReader reader{frame.subspan(offset)};
    return reader.u32("field").value();
}

} // namespace

/// Written on the relay's thread, read on the test's.
struct TwistedLine::Story {
    std::size_t at = 0;
    Twist twist;
    Command command = Command::CarriedOut;
    Meddling meddling = {};
    mutable std::mutex mutex;
    std::vector<Exchange> exchanges = {};
    Bytes heard = {};
    bool lied = false;

    void hear(const Bytes& bytes)
    {
        const std::scoped_lock lock{mutex};
        heard = bytes;
    }

    Bytes forwarded(Bytes bytes, const AskTpm& ask)
    {
        const std::scoped_lock lock{mutex};
        if (!meddling || exchanges.size() != at) {
            return bytes;
        }
        lied = true;
        return meddling(std::move(bytes), ask);
    }

    std::optional<RelayReply> instead(std::uint32_t code)
    {
        const std::scoped_lock lock{mutex};
        const bool keptBack = twist && exchanges.size() == at && command == Command::KeptBack;
        return keptBack ? std::optional{tell(code, {})} : std::nullopt;
    }

    RelayReply reply(std::uint32_t code, Bytes response)
    {
        const std::scoped_lock lock{mutex};
        return tell(code, std::move(response));
    }

private:
    RelayReply tell(std::uint32_t code, Bytes response)
    {
        Exchange now{code, heard, std::move(response)};
        auto told = twist && exchanges.size() == at ? twist(now, exchanges) : RelayReply{now.response};
        lied = lied || told.bytes != now.response || told.since.count() != 0 || told.then != RelayReply::Then::Continue;
        exchanges.push_back(std::move(now));
        return told;
    }
};

TwistedLine::TwistedLine(const std::string& tpmAddress, std::size_t at, Twist twist, Command command, Meddling meddling)
    : m_story(std::make_shared<Story>())
{
    m_story->at = at;
    m_story->twist = std::move(twist);
    m_story->command = command;
    m_story->meddling = std::move(meddling);
    m_relay = std::make_unique<TpmRelay>(
        tpmAddress,
        RelayBehaviour{
            .instead = [story = m_story](std::uint32_t code) { return story->instead(code); },
            .reply = [story = m_story](std::uint32_t code,
                                       Bytes response) { return story->reply(code, std::move(response)); },
            .heard = [story = m_story](const Bytes& command_) { story->hear(command_); },
            .forwarded = [story = m_story](Bytes command_,
                                           const AskTpm& ask) { return story->forwarded(std::move(command_), ask); }});
}

std::vector<Exchange> TwistedLine::exchanges() const
{
    const std::scoped_lock lock{m_story->mutex};
    return m_story->exchanges;
}

bool TwistedLine::lied() const
{
    const std::scoped_lock lock{m_story->mutex};
    return m_story->lied;
}

Bytes bareResponse(std::uint16_t tag, std::uint32_t code)
{
    ByteWriter writer;
    writer.u16(tag).u32(tpm::kHeaderSize).u32(code);
    return std::move(writer).take();
}

Bytes withOwnSize(Bytes response)
{
    ByteWriter size;
    size.u32(static_cast<std::uint32_t>(response.size()));
    std::ranges::copy(size.view(), response.begin() + 2);
    return response;
}

ResponseParts partsOf(const Exchange& exchange)
{
    const auto& frame = exchange.response;
    const auto end = frame.size();
    if (end <= tpm::kHeaderSize) {
        return {{end, end}, {end, end}, {end, end}};
    }
    const bool hasHandle = tpm::traitsOf(exchange.code).handle == tpm::ResponseHandle::One;
    const std::size_t body = tpm::kHeaderSize + (hasHandle ? 4 : 0);
    ResponseParts parts{{tpm::kHeaderSize, body}, {body, end}, {end, end}};
    ByteReader reader{frame};
    if (reader.u16("tag").value() == tpm::kTagSessions) {
        parts.parameters = {body + 4, body + 4 + fieldAt(frame, body)};
        parts.authorizations = {parts.parameters.end, end};
    }
    return parts;
}

} // namespace enroll::test
