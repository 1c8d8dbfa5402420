#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <linux/input.h>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <umockdev.h>
#include <unistd.h>
#include <vector>

namespace enroll::test {

/// A keyboard of the kernel's, played by umockdev: /dev/input/event5 is there for this program alone, answers what libevdev
/// asks, and sends the keys that a test presses. Needs libumockdev-preload.so to be loaded.
/// \par Source   Linux, Documentation/input/input.rst, "Event interface"
class PlayedKeyboard {
public:
    static constexpr auto kDevice = "/dev/input/event5";

    /// \p keys it has: of linux/input-event-codes.h.
    explicit PlayedKeyboard(std::set<unsigned> keys = everyKey())
        : m_keys(std::move(keys)), m_testbed(umockdev_testbed_new()), m_answers(umockdev_ioctl_base_new())
    {
        const auto* description = "P: /devices/scanner/input/input5/event5\nN: input/event5\n"
                                  "E: DEVNAME=/dev/input/event5\nE: SUBSYSTEM=input\n"
                                  "E: MAJOR=13\nE: MINOR=69\nA: dev=13:69\\n\n";
        if (umockdev_testbed_add_from_string(m_testbed.get(), description, nullptr) == 0 ||
            umockdev_testbed_attach_ioctl(m_testbed.get(), kDevice, m_answers.get(), nullptr) == 0) {
            std::abort();
        }
        g_signal_connect_data(m_answers.get(), "handle-ioctl", reinterpret_cast<GCallback>(&PlayedKeyboard::answer),
                              this, nullptr, G_CONNECT_DEFAULT);
    }

    /// Somebody has it for himself alone.
    [[nodiscard]] bool isGrabbed() const { return m_grabbed; }
    /// The next one who grabs it is told that another program has it.
    void belongToAnother() { m_ofAnother = true; }

    /// Somebody asked for times of the monotonic clock.
    [[nodiscard]] bool isClockChosen() const { return m_clockChosen; }
    /// When the keys go down and up from here on; else they do as they are sent.
    void at(std::chrono::steady_clock::time_point time) { m_time = time; }

    void down(unsigned code) { send(EV_KEY, code, 1); }
    void up(unsigned code) { send(EV_KEY, code, 0); }
    void repeat(unsigned code) { send(EV_KEY, code, 2); }
    void tap(unsigned code)
    {
        down(code);
        up(code);
    }
    /// As a scanner holds Shift for each capital.
    void tapShifted(unsigned code)
    {
        down(KEY_LEFTSHIFT);
        tap(code);
        up(KEY_LEFTSHIFT);
    }
    /// As the kernel does when nobody read in time.
    void dropEvents() { send(EV_SYN, SYN_DROPPED, 0); }

private:
    struct Unref {
        void operator()(gpointer object) const { g_object_unref(object); }
    };

    static std::set<unsigned> everyKey()
    {
        std::set<unsigned> keys;
        for (unsigned key = KEY_ESC; key <= KEY_COMPOSE; ++key) {
            keys.insert(key);
        }
        return keys;
    }

    void send(unsigned type, unsigned code, int value)
    {
        using namespace std::chrono;
        const auto since = m_time.value_or(steady_clock::now()).time_since_epoch();
        const timeval time{floor<seconds>(since).count(), floor<microseconds>(since % seconds{1}).count()};
        for (const auto& event : {input_event{time, static_cast<__u16>(type), static_cast<__u16>(code), value},
                                  input_event{time, EV_SYN, SYN_REPORT, 0}}) {
            if (::write(umockdev_testbed_get_dev_fd(m_testbed.get(), kDevice), &event, sizeof event) != sizeof event) {
                std::abort();
            }
        }
    }

    /// The set bits of what EVIOCGBIT(\p type) asks: of 0, the kinds of events; of EV_KEY, the keys.
    [[nodiscard]] std::vector<unsigned char> bitsOf(unsigned type, std::size_t size) const
    {
        std::vector<unsigned char> bits(size);
        const auto set = [&](unsigned bit) {
            if (bit / 8 < size) {
                bits[bit / 8] = static_cast<unsigned char>(bits[bit / 8] | (1U << (bit % 8)));
            }
        };
        if (type == 0) {
            set(EV_SYN);
            set(EV_KEY);
        } else if (type == EV_KEY) {
            for (const auto key : m_keys) {
                set(key);
            }
        }
        return bits;
    }

    /// What the kernel answers, byte by byte; a request that no keyboard without repetition and lights knows: none.
    [[nodiscard]] std::vector<unsigned char> bytesFor(unsigned number, std::size_t size) const
    {
        if (number == _IOC_NR(EVIOCGVERSION)) {
            return {0x01, 0x00, 0x01, 0x00};
        }
        if (number >= _IOC_NR(EVIOCGBIT(0, 0)) && number < _IOC_NR(EVIOCGBIT(EV_MAX, 0))) {
            return bitsOf(number - _IOC_NR(EVIOCGBIT(0, 0)), size);
        }
        return std::vector<unsigned char>(size);
    }

    static gboolean answer(UMockdevIoctlBase* /*base*/, UMockdevIoctlClient* client, gpointer self)
    {
        auto& keyboard = *static_cast<PlayedKeyboard*>(self);
        const auto request = umockdev_ioctl_client_get_request(client);
        if (request == EVIOCGRAB) {
            const bool isRefused = keyboard.m_ofAnother;
            keyboard.m_grabbed = !isRefused;
            umockdev_ioctl_client_complete(client, isRefused ? -1 : 0, isRefused ? EBUSY : 0);
            return 1;
        }
        if (request == EVIOCSCLOCKID) {
            keyboard.m_clockChosen = true;
            umockdev_ioctl_client_complete(client, 0, 0);
            return 1;
        }
        if (_IOC_TYPE(request) != 'E' || _IOC_DIR(request) != _IOC_READ) {
            umockdev_ioctl_client_complete(client, -1, ENOTTY);
            return 1;
        }
        auto bytes = keyboard.bytesFor(_IOC_NR(request), _IOC_SIZE(request));
        std::unique_ptr<UMockdevIoctlData, decltype(&umockdev_ioctl_data_unref)> target{
            umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, bytes.size(), nullptr),
            &umockdev_ioctl_data_unref};
        umockdev_ioctl_data_update(target.get(), 0, bytes.data(), static_cast<gint>(bytes.size()));
        umockdev_ioctl_client_complete(client, static_cast<gint>(bytes.size()), 0);
        return 1;
    }

    std::set<unsigned> m_keys;
    std::unique_ptr<UMockdevTestbed, Unref> m_testbed;
    std::unique_ptr<UMockdevIoctlBase, Unref> m_answers;
    std::atomic<bool> m_grabbed = false;
    std::atomic<bool> m_ofAnother = false;
    std::atomic<bool> m_clockChosen = false;
    std::optional<std::chrono::steady_clock::time_point> m_time;
};

} // namespace enroll::test
