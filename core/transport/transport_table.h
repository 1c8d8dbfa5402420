#pragma once

#include "core/transport/device_address.h"
#include "core/transport/device_node_channel.h"
#include "core/transport/serial_channel.h"
#include "core/transport/ssh_channel.h"
#include "core/transport/tcp_channel.h"
#include "core/transport/tls_channel.h"
#include "core/transport/usb_channel.h"

#include <algorithm>
#include <array>
#include <tuple>

/// The transports of this version, one row each. Only device_address.cpp and open_channel.cpp include it.
///
/// To add a transport, write an address type and a channel (core/transport/CMakeLists.txt), an alternative of
/// DeviceAddress (device_address.h) and a row. The channel has a test of its own, its addresses a seed in tests/fuzz/transport. An
/// alternative without a row does not compile. The profiles in resources/profiles name the transports that they allow: whether
/// they allow the new one is a decision. One that needs certificates or keys takes their files from AgentFiles, which `[agent]`
/// of the configuration names, and open() reads them.
/// tst_device_address reads one address of each, and resources/station.toml tells of each.
namespace enroll::transport {

template <class Address>
struct Transport {
    std::string_view word;    ///< an address begins with "word://"; profiles allow it by this word
    std::string_view example; ///< shown when an address cannot be read
    Result<Address> (*parse)(std::string_view rest); ///< of what follows "word://"
    std::string (*text)(const Address& address);     ///< what follows "word://"; parse() reads it back
    Result<std::unique_ptr<TpmChannel>> (*open)(const Address& address, const AgentFiles& files,
                                                const Deadline& deadline, std::stop_token stop);
    bool mayHaveAgent; ///< an enroll-agent may relay the TPM there
};

/// The open() of a transport that needs no files.
template <auto Open>
inline constexpr auto kWithoutFiles = [](const auto& address, const AgentFiles& /*files*/, const Deadline& deadline,
                                         std::stop_token stop) { return Open(address, deadline, std::move(stop)); };

inline constexpr std::tuple kTransports{
    Transport<TcpAddress>{"tcp", "tcp://HOST:PORT", parseTcpAddress, tcpAddressText, kWithoutFiles<&TcpChannel::open>,
                          true},
    Transport<TlsAddress>{"tls", "tls://HOST:PORT", parseTlsAddress, tlsAddressText, TlsChannel::open, true},
    Transport<SerialAddress>{"serial", "serial:///dev/ttyACM0?baud=115200", parseSerialAddress, serialAddressText,
                             kWithoutFiles<&SerialChannel::open>, true},
    Transport<UsbAddress>{"usb", "usb://1-1.4", parseUsbAddress, usbAddressText, kWithoutFiles<&openUsbChannel>, true},
    Transport<SshAddress>{"ssh", "ssh://USER@HOST", parseSshAddress, sshAddressText, SshChannel::open, true},
    Transport<DeviceNodeAddress>{"dev", "dev:///dev/tpmrm0", parseDeviceNodeAddress, deviceNodeAddressText,
                                 kWithoutFiles<&DeviceNodeChannel::open>, false},
};

/// An array of \p text of each row, in the order of the table.
template <class Text>
constexpr auto ofEveryTransport(Text text)
{
    return std::apply([text](const auto&... row) { return std::array{text(row)...}; }, kTransports);
}

inline constexpr auto kWords = ofEveryTransport([](const auto& row) { return row.word; });
inline constexpr auto kExamples = ofEveryTransport([](const auto& row) { return row.example; });

/// The number of rows for \p Address.
template <class Address, class... Rows>
consteval std::size_t rowsFor(const std::tuple<Rows...>&)
{
    return (std::size_t{std::is_same_v<Rows, Transport<Address>>} + ...);
}

template <class Address>
constexpr const Transport<Address>& transportOf()
{
    static_assert(rowsFor<Address>(kTransports) == 1, "each alternative of DeviceAddress has one row in kTransports");
    return std::get<Transport<Address>>(kTransports);
}

static_assert(std::tuple_size_v<decltype(kTransports)> == std::variant_size_v<DeviceAddress>,
              "each row of kTransports has an alternative in DeviceAddress");

} // namespace enroll::transport
