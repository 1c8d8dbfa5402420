#include "tests/app/chain/lies.h"

#include "core/attestation/ship_state.h"
#include "core/tpm/response_frame.h"
#include "tests/app/chain/attack_bench.h"

#include <algorithm>

namespace enroll::test {
namespace {

Bytes filledWith(const Exchange& now, std::byte value)
{
    auto response = now.response;
    std::fill(response.begin() + tpm::kHeaderSize, response.end(), value);
    return response;
}

std::uint32_t handleAt(ByteView frame, std::size_t offset)
{
    return ByteReader{frame.subspan(offset)}.u32("handle").value();
}

/// The run has loaded its endorsement key first, then its storage root key.
constexpr std::uint32_t kLoadedEndorsementKey = 0x80000000;
constexpr std::uint32_t kLoadedStorageRootKey = 0x80000001;

std::uint32_t belongsAt(std::uint32_t handle)
{
    return handle == attestation::kStorageRootKeyAt ? kLoadedStorageRootKey : kLoadedEndorsementKey;
}

std::uint32_t doesNotBelongAt(std::uint32_t handle)
{
    return handle == attestation::kStorageRootKeyAt ? kLoadedEndorsementKey : kLoadedStorageRootKey;
}

Bytes withFirstHandle(Bytes command, std::uint32_t handle)
{
    std::ranges::copy(ByteWriter{}.u32(handle).view(), command.begin() + tpm::kHeaderSize);
    return command;
}

} // namespace

bool failed(const Exchange& exchange)
{
    return exchange.response.size() == tpm::kHeaderSize && exchange.response.back() != std::byte{0};
}

bool has(const ResponseParts::Part ResponseParts::*part, const Exchange& exchange)
{
    return !(partsOf(exchange).*part).empty();
}

Twist flipping(const ResponseParts::Part ResponseParts::*part, Bit bit)
{
    return [part, bit](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        auto response = now.response;
        const auto where = partsOf(now).*part;
        response.at(bit == Bit::First ? where.begin : where.end - 1) ^=
            bit == Bit::First ? std::byte{0x80} : std::byte{0x01};
        return RelayReply{std::move(response)};
    };
}

Twist flippingHeader(std::size_t offset, unsigned mask)
{
    return [offset, mask](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        auto response = now.response;
        response.at(offset) ^= static_cast<std::byte>(mask);
        return RelayReply{std::move(response)};
    };
}

Twist saying(std::uint32_t code)
{
    return [code](const Exchange& /*now*/, const std::vector<Exchange>& /*before*/) {
        return RelayReply{bareResponse(tpm::kTagNoSessions, code)};
    };
}

Twist changing(Bytes (*change)(const Exchange& now), RelayReply::Then then)
{
    return [change, then](const Exchange& now, const std::vector<Exchange>& /*before*/) {
        return RelayReply{change(now), {}, then};
    };
}

Bytes half(const Exchange& now)
{
    return {now.response.begin(), now.response.begin() + std::ssize(now.response) / 2};
}

Bytes nothing(const Exchange& /*now*/)
{
    return {};
}

Bytes oneByteLess(const Exchange& now)
{
    auto response = now.response;
    response.pop_back();
    return withOwnSize(std::move(response));
}

Bytes longer(const Exchange& now)
{
    auto response = now.response;
    response.resize(response.size() + 16);
    return response;
}

Bytes longerAndSaysSo(const Exchange& now)
{
    return withOwnSize(longer(now));
}

Bytes announcesAMebibyte(const Exchange& now)
{
    auto response = now.response;
    response.at(3) = std::byte{0x10};
    return response;
}

Bytes zeros(const Exchange& now)
{
    return filledWith(now, std::byte{0});
}

Bytes ones(const Exchange& now)
{
    return filledWith(now, std::byte{0xFF});
}

Bytes emptySuccess(const Exchange& now)
{
    ByteReader reader{now.command};
    return bareResponse(reader.u16("tag").value(), 0);
}

Bytes withoutSessions(const Exchange& now)
{
    const auto parts = partsOf(now);
    const ByteView response = now.response;
    auto frame = concat({response.first(parts.handle.end),
                         response.subspan(parts.parameters.begin, parts.parameters.end - parts.parameters.begin)});
    frame.at(1) = std::byte{0x01};
    return withOwnSize(std::move(frame));
}

Bytes failureWithBody(const Exchange& now)
{
    auto response = now.response;
    response.at(8) = std::byte{0x01};
    return response;
}

Bytes forgedSuccess(const Exchange& /*now*/)
{
    ByteWriter authorizations; // of a password, and of a session with SHA-256
    authorizations.sized({}).u8(1).sized({}).sized(Bytes(32)).u8(1).sized(Bytes(32));
    ByteWriter frame;
    frame.u16(tpm::kTagSessions).u32(0).u32(0).u32(0).bytes(authorizations.view());
    return withOwnSize(std::move(frame).take());
}

RelayReply tooLate(const Exchange& now, const std::vector<Exchange>& /*before*/)
{
    return {now.response, kAnswerDeadline + std::chrono::milliseconds{200}};
}

RelayReply previous(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.back().response};
}

RelayReply first(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.front().response};
}

RelayReply earlier(const Exchange& now, const std::vector<Exchange>& before)
{
    return {before.empty() ? now.response : before.at(before.size() / 2).response};
}

RelayReply sameCommandBefore(const Exchange& now, const std::vector<Exchange>& before)
{
    const auto found = std::find_if(before.rbegin(), before.rend(),
                                    [&now](const Exchange& exchange) { return exchange.code == now.code; });
    return {found == before.rend() ? now.response : found->response};
}

Bytes keepsAnother(Bytes command, const AskTpm& /*ask*/)
{
    const auto handle = handleAt(command, command.size() - 4); // the last parameter
    return evictControl(doesNotBelongAt(handle), handle);
}

Bytes evictsKept(Bytes command, const AskTpm& ask)
{
    const auto handle = handleAt(command, tpm::kHeaderSize);
    ask(evictControl(handle, handle));
    return command;
}

Bytes evictsKeptAndShowsLoaded(Bytes command, const AskTpm& ask)
{
    return leadsToLoaded(evictsKept(std::move(command), ask), ask);
}

Bytes replacesKept(Bytes command, const AskTpm& ask)
{
    const auto handle = handleAt(command, tpm::kHeaderSize);
    ask(evictControl(handle, handle));
    ask(evictControl(doesNotBelongAt(handle), handle));
    return command;
}

Bytes leadsToAnother(Bytes command, const AskTpm& /*ask*/)
{
    constexpr std::uint32_t kP384Key = 0x81010016; // of each software TPM here
    return withFirstHandle(std::move(command), kP384Key);
}

Bytes leadsToLoaded(Bytes command, const AskTpm& /*ask*/)
{
    const auto handle = handleAt(command, tpm::kHeaderSize);
    return withFirstHandle(std::move(command), belongsAt(handle));
}

} // namespace enroll::test
