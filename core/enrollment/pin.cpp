#include "core/enrollment/pin.h"

#include "core/base/assert.h"
#include "core/crypto/random.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

constexpr int kDigits = 10;

int digitAt(ByteView pin, std::size_t at) noexcept
{
    return std::to_integer<int>(pin[at]) - '0';
}

bool goesByOneStep(ByteView pin) noexcept
{
    const auto stepAt = [&](std::size_t at) {
        return (digitAt(pin, at) - digitAt(pin, at - 1) + kDigits) % kDigits; // 9 and 0 are neighbours
    };
    for (std::size_t at = 2; at < pin.size(); ++at) {
        if (stepAt(at) != stepAt(1)) {
            return false;
        }
    }
    return true;
}

bool repeatsAPart(ByteView pin) noexcept
{
    for (std::size_t part = 2; part <= pin.size() / 2; ++part) {
        const auto again = pin.subspan(part);
        if (std::ranges::equal(again, pin.first(again.size()))) {
            return true;
        }
    }
    return false;
}

} // namespace

std::optional<PinFault> faultOfPin(ByteView pin) noexcept
{
    if (pin.size() < kShortestPin || pin.size() > kLongestPin) {
        return PinFault::Length;
    }
    if (!std::ranges::all_of(pin, [](std::byte one) { return one >= std::byte{'0'} && one <= std::byte{'9'}; })) {
        return PinFault::Digits;
    }
    return goesByOneStep(pin) || repeatsAPart(pin) ? std::optional{PinFault::Obvious} : std::nullopt;
}

Result<SecretHash> hashForPin(const SecretBytes& pin)
{
    SecretHash made;
    TRY_ASSIGN(made.salt, crypto::randomBytes(kSaltSize));
    TRY_ASSIGN(made.hash, crypto::scrypt(pin.view(), made.salt, made.cost));
    return made;
}

Result<bool> isPinOf(const SecretBytes& pin, const Person& person)
{
    ENROLL_ASSERT(person.pin.has_value(), "a person who has a PIN");
    TRY_ASSIGN(const auto hash, crypto::scrypt(pin.view(), person.pin->salt, person.pin->cost));
    return equalInConstantTime(hash, person.pin->hash);
}

} // namespace enroll::enrollment
