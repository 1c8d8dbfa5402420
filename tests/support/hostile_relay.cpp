#include "tests/support/hostile_relay.h"

#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"

#include <algorithm>

namespace enroll::test {
namespace {

using Then = RelayReply::Then;

constexpr std::uint32_t kNvBufferMax = 0x12C; // TPM_PT_NV_BUFFER_MAX

Bytes failure(std::uint32_t code)
{
    ByteWriter writer;
    writer.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize).u32(code);
    return std::move(writer).take();
}

Bytes half(Bytes response)
{
    response.resize(response.size() / 2);
    return response;
}

Bytes withByte(Bytes response, std::size_t offset, int value)
{
    if (offset < response.size()) {
        response[offset] = static_cast<std::byte>(value);
    }
    return response;
}

/// The body begins with a handle, a parameterSize or a TPM2B: the largest number there is wrong for each of the last
/// two.
Bytes withHugeParameter(Bytes response)
{
    for (std::size_t offset = tpm::kHeaderSize; offset < std::min<std::size_t>(response.size(), 20); ++offset) {
        response[offset] = std::byte{0xFF};
    }
    return response;
}

/// A session that was begun without sessions: handle, then the nonce as the only parameter.
Bytes withLongNonce(const Bytes& response)
{
    constexpr std::uint16_t kTooLong = 65;
    ByteReader reader{ByteView{response}.subspan(tpm::kHeaderSize)};
    const auto handle = reader.u32("handle").value();
    ByteWriter writer;
    writer.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 4 + 2 + kTooLong).u32(0).u32(handle).u16(kTooLong);
    auto frame = std::move(writer).take();
    frame.resize(frame.size() + kTooLong);
    return frame;
}

/// The list ends with the frame, each entry a number and a value of four bytes.
Bytes withLastProperty(Bytes response)
{
    constexpr std::size_t kEntry = 8;
    if (response.size() >= tpm::kHeaderSize + kEntry) {
        std::fill_n(response.end() - kEntry, kEntry / 2, std::byte{0xFF});
    }
    return response;
}

/// With sessions, the parameters end before the authorizations; without, with the frame.
Bytes withFlippedBit(std::uint32_t commandCode, Bytes response)
{
    const bool hasHandle = tpm::traitsOf(commandCode).handle == tpm::ResponseHandle::One;
    const std::size_t body = tpm::kHeaderSize + (hasHandle ? 4 : 0);
    ByteReader reader{response};
    auto end = response.size();
    if (reader.u16("tag").value() == tpm::kTagSessions) {
        ByteReader size{ByteView{response}.subspan(body)};
        end = body + 4 + size.u32("parameterSize").value();
    }
    response.at(end - 1) ^= std::byte{1};
    return response;
}

RelayReply attacked(Attack attack, std::uint32_t commandCode, Bytes response)
{
    switch (attack) {
    case Attack::Truncate:
        return {half(std::move(response)), {}, Then::Close};
    case Attack::UnplugWithin:
        return {half(std::move(response)), {}, Then::Leave};
    case Attack::Stall:
        return {half(std::move(response)), {}, Then::Stall};
    case Attack::Silence:
        return {{}, {}, Then::Stall};
    case Attack::OversizedHeader:
        return {withByte(std::move(response), 3, 0x10), {}, Then::Continue};
    case Attack::ExtraBytes:
        response.resize(response.size() + 16);
        return {std::move(response), {}, Then::Continue};
    case Attack::Garbage:
        return {Bytes(response.size(), std::byte{0xA5}), {}, Then::Continue};
    case Attack::LongNonce:
        return {withLongNonce(response), {}, Then::Continue};
    case Attack::WrongTag:
        return {withByte(std::move(response), 1, 0x09), {}, Then::Continue};
    case Attack::HugeParameter:
        return {withHugeParameter(std::move(response)), {}, Then::Continue};
    case Attack::LastProperty:
        return {withLastProperty(std::move(response)), {}, Then::Continue};
    case Attack::BitOfParameter:
        return {withFlippedBit(commandCode, std::move(response)), {}, Then::Continue};
    case Attack::TinyNvBuffer:
        return {withProperty(std::move(response), kNvBufferMax, [](auto) { return 1U; }), {}, Then::Continue};
    case Attack::FailureWithBody:
        return {withByte(std::move(response), 8, 0x01), {}, Then::Continue};
    case Attack::Disconnect:
        return {{}, {}, Then::Close};
    case Attack::Unplug:
        return {{}, {}, Then::Leave};
    case Attack::Retry:
        return {failure(0x922), {}, Then::Continue};
    case Attack::Lockout:
        return {failure(0x921), {}, Then::Continue};
    case Attack::TryAgain:
        return {failure(0x009), {}, Then::Continue};
    case Attack::RefusalOver:
        return {failure(0x1DF), {}, Then::Continue};
    case Attack::FullOver:
        return {failure(0x902), {}, Then::Continue};
    case Attack::RetryOver:
        return {failure(0x922), {}, Then::Continue};
    }
    return {std::move(response), {}, Then::Continue};
}

/// Counts down to the responses that are meant.
class Aim {
public:
    explicit Aim(const AttackPlan& plan) : m_plan(plan) {}

    bool hits(std::uint32_t code)
    {
        if (m_plan.commandCode != 0 && m_plan.commandCode != code) {
            return false;
        }
        const int shot = m_seen++;
        return shot >= m_plan.after && shot < m_plan.after + m_plan.times;
    }

private:
    AttackPlan m_plan;
    int m_seen = 0;
};

/// A command that is answered with a failure code must not have been carried out.
bool isInstead(Attack attack)
{
    return attack == Attack::Retry || attack == Attack::Lockout || attack == Attack::TryAgain;
}

RelayBehaviour hostile(const AttackPlan& plan)
{
    const auto aim = std::make_shared<Aim>(plan);
    if (isInstead(plan.attack)) {
        return {.instead = [aim, plan](std::uint32_t code) -> std::optional<RelayReply> {
                    return aim->hits(code) ? std::optional{attacked(plan.attack, code, {})} : std::nullopt;
                },
                .reply = {}};
    }
    return {.instead = {}, .reply = [aim, plan](std::uint32_t code, Bytes response) {
                return aim->hits(code) ? attacked(plan.attack, code, std::move(response))
                                       : RelayReply{std::move(response)};
            }};
}

} // namespace

Bytes withProperty(Bytes response, std::uint32_t property, const std::function<std::uint32_t(std::uint32_t)>& change)
{
    constexpr std::size_t kCapability = tpm::kHeaderSize + 1; // behind moreData
    constexpr std::size_t kFirstEntry = kCapability + 4 + 4;  // behind capability and count
    constexpr std::uint32_t kProperties = 6;                  // TPM_CAP_TPM_PROPERTIES
    const auto field = [&response](std::size_t offset) {
        return ByteReader{ByteView{response}.subspan(offset)}.u32("field").value();
    };
    const bool without = ByteReader{response}.u16("tag").value() != tpm::kTagSessions;
    const std::size_t shift = without ? 0 : 4; // parameterSize
    if (response.size() < kFirstEntry + shift || field(kCapability + shift) != kProperties) {
        return response;
    }
    for (auto entry = kFirstEntry + shift; entry + 8 <= response.size(); entry += 8) {
        if (field(entry) == property) {
            ByteWriter value;
            value.u32(change(field(entry + 4)));
            std::ranges::copy(value.view(), response.begin() + static_cast<std::ptrdiff_t>(entry) + 4);
        }
    }
    return response;
}

HostileRelay::HostileRelay(const std::string& tpmAddress, const AttackPlan& plan) : m_relay(tpmAddress, hostile(plan))
{}

} // namespace enroll::test
