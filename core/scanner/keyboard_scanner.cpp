#include "core/scanner/keyboard_scanner.h"

#include "core/base/station_code.h"
#include "core/scanner/key_text.h"

#include <cerrno>
#include <ctime>
#include <libevdev/libevdev.h>

namespace enroll::scanner {
namespace {

struct Free {
    void operator()(libevdev* device) const { libevdev_free(device); }
};
using Device = std::unique_ptr<libevdev, Free>;

using Clock = std::chrono::steady_clock;

/// openKeyboardScanner() asks the kernel for the times of this clock.
Clock::time_point timeOf(const input_event& event)
{
    return Clock::time_point{std::chrono::seconds{event.input_event_sec} +
                             std::chrono::microseconds{event.input_event_usec}};
}

enum KeyValue : int { Up, Down }; // and 2: it repeats by itself, as no scanner wants

class KeyboardScanner final : public ScannerPort {
public:
    KeyboardScanner(system::Descriptor node, Device device, KeyText keys, std::string name)
        : m_node(std::move(node)), m_device(std::move(device)), m_keys(std::move(keys)), m_name(std::move(name))
    {}

    [[nodiscard]] int fd() const noexcept override { return m_node.fd(); }

    Result<Characters> read() override
    {
        for (;;) {
            input_event event{};
            const int status = libevdev_next_event(m_device.get(), LIBEVDEV_READ_FLAG_NORMAL, &event);
            if (status == LIBEVDEV_READ_STATUS_SUCCESS) {
                if (auto characters = charactersOf(event); !characters.isNothing()) {
                    return characters;
                }
            } else if (status == LIBEVDEV_READ_STATUS_SYNC) {
                catchUp();
                const auto now = Clock::now(); // all that came until now is lost
                return Characters{{}, true, now, now};
            } else if (status == -EAGAIN) {
                return Characters{};
            } else if (status != -EINTR) {
                return makeError(StationCode::ScannerLost, m_name + " was disconnected: connect the scanner again",
                                 "read", Errno{-status});
            }
        }
    }

private:
    Characters charactersOf(const input_event& event)
    {
        if (event.type != EV_KEY) {
            return {};
        }
        if (event.value == Up) {
            m_keys.release(event.code);
        }
        if (event.value != Down) {
            return {};
        }
        const auto text = m_keys.press(event.code);
        const auto time = timeOf(event);
        return {text.value_or(std::string{}), !text, time, time};
    }

    /// The kernel dropped events, because the program was too busy to read them.
    void catchUp()
    {
        input_event event{};
        while (libevdev_next_event(m_device.get(), LIBEVDEV_READ_FLAG_SYNC, &event) == LIBEVDEV_READ_STATUS_SYNC) {
        }
        m_keys.forget();
    }

    system::Descriptor m_node; // outlives what reads it
    Device m_device;
    KeyText m_keys;
    std::string m_name;
};

Error unusable(const enrollment::OwnScanner& scanner, const char* why, int number)
{
    return makeError(StationCode::ScannerLost, scanner.device.string() + why, "open", Errno{number});
}

} // namespace

Result<std::unique_ptr<ScannerPort>> openKeyboardScanner(system::Descriptor node, const enrollment::OwnScanner& scanner)
{
    TRY_ASSIGN(auto keys, KeyText::create(scanner.layout));
    libevdev* opened = nullptr;
    if (const int failed = libevdev_new_from_fd(node.fd(), &opened); failed != 0) {
        return unusable(
            scanner, " is no keyboard: correct scanner.device, or leave scanner.layout out for a serial line", -failed);
    }
    Device device{opened};
    if (libevdev_has_event_code(device.get(), EV_KEY, KEY_ENTER) == 0 ||
        libevdev_has_event_code(device.get(), EV_KEY, KEY_1) == 0) {
        return unusable(scanner, " has no keys for digits and Return, as a scanner has: correct scanner.device", 0);
    }
    if (const int failed = libevdev_set_clock_id(device.get(), CLOCK_MONOTONIC); failed != 0) {
        return unusable(scanner, " does not say when its keys went down: correct scanner.device", -failed);
    }
    if (const int failed = libevdev_grab(device.get(), LIBEVDEV_GRAB); failed != 0) {
        return unusable(scanner, " is used by another program: close that", -failed);
    }
    return std::unique_ptr<ScannerPort>{std::make_unique<KeyboardScanner>(std::move(node), std::move(device),
                                                                          std::move(keys), scanner.device.string())};
}

} // namespace enroll::scanner
