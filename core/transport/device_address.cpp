#include "core/transport/device_address.h"

#include "core/base/text.h"
#include "core/transport/address_fault.h"
#include "core/transport/transport_table.h"

#include <optional>

namespace enroll::transport {
namespace {

constexpr std::size_t kLongestAddress = 512;
constexpr std::string_view kWordEnd = "://";

bool isPrintable(char c) noexcept
{
    return c > ' ' && c < '\x7f';
}

template <class Address>
Result<DeviceAddress> parseWith(const Transport<Address>& transport, std::string_view rest)
{
    TRY_ASSIGN(auto address, transport.parse(rest));
    return DeviceAddress{std::move(address)};
}

/// Parses \p rest by the row of \p word; absent if no row has this word.
std::optional<Result<DeviceAddress>> parseAs(std::string_view word, std::string_view rest)
{
    std::optional<Result<DeviceAddress>> parsed;
    const auto tryRow = [&](const auto& row) {
        if (row.word == word) {
            parsed.emplace(parseWith(row, rest));
        }
    };
    std::apply([&](const auto&... row) { (tryRow(row), ...); }, kTransports);
    return parsed;
}

/// Calls \p use with the table's row for the address's type, and the address as that type.
template <class Use>
decltype(auto) withRow(const DeviceAddress& address, Use use)
{
    return std::visit([&use]<class Address>(const Address& known) { return use(transportOf<Address>(), known); },
                      address);
}

} // namespace

Result<DeviceAddress> parseDeviceAddress(std::string_view text)
{
    if (text.size() > kLongestAddress) {
        return addressFault("longer than 512 characters");
    }
    if (!std::ranges::all_of(text, isPrintable)) {
        return addressFault("holds a space, a control character or one that is not ASCII");
    }
    const auto end = text.find(kWordEnd);
    if (end == std::string_view::npos) {
        return addressFault(quoted(text) + " names no transport; write " + joined(kExamples, " or "));
    }
    const auto word = text.substr(0, end);
    auto parsed = parseAs(word, text.substr(end + kWordEnd.size()));
    if (!parsed) {
        return addressFault("this version has no transport " + quoted(word) + "; write " + joined(kExamples, " or "));
    }
    if (parsed->ok() && toText(**parsed).size() > kLongestAddress) {
        return addressFault("longer than 512 characters, as it is written in full");
    }
    return std::move(*parsed);
}

std::string toText(const DeviceAddress& address)
{
    return withRow(address, [](const auto& row, const auto& known) {
        return std::string{row.word} + std::string{kWordEnd} + row.text(known);
    });
}

bool leadToOneDevice(const DeviceAddress& one, const DeviceAddress& other)
{
    const auto* line = std::get_if<SerialAddress>(&one);
    const auto* otherLine = std::get_if<SerialAddress>(&other);
    if (line != nullptr && otherLine != nullptr) {
        return line->path == otherLine->path;
    }
    const auto* port = std::get_if<UsbAddress>(&one);
    const auto* otherPort = std::get_if<UsbAddress>(&other);
    if (port != nullptr && otherPort != nullptr) {
        return port->port == otherPort->port;
    }
    const auto* host = std::get_if<SshAddress>(&one);
    const auto* otherHost = std::get_if<SshAddress>(&other);
    if (host != nullptr && otherHost != nullptr) {
        const auto placeOfJump = [](const SshAddress& ssh) {
            return ssh.jump ? std::optional{ssh.jump->place} : std::nullopt;
        };
        return host->place == otherHost->place && placeOfJump(*host) == placeOfJump(*otherHost) &&
               host->command == otherHost->command;
    }
    return one == other;
}

std::string_view transportWord(const DeviceAddress& address) noexcept
{
    return withRow(address, [](const auto& row, const auto&) { return row.word; });
}

bool mayHaveAgent(const DeviceAddress& address) noexcept
{
    return withRow(address, [](const auto& row, const auto&) { return row.mayHaveAgent; });
}

std::span<const std::string_view> transportWords() noexcept
{
    return kWords;
}

} // namespace enroll::transport
