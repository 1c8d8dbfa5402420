#pragma once

#include "core/base/device_code.h"
#include "tests/core/station/station_line.h"
#include "tests/support/code_text.h"

namespace enroll::test {

inline QString codeOf(const Result<station::Binding>& bound)
{
    return bound.ok() ? QStringLiteral("none") : textOf(bound.error().code);
}

using Brief = std::vector<std::pair<station::SlotNews::What, int>>;

/// What each of \p all is about, in the order in which it is said.
inline Brief briefly(const std::vector<station::SlotNews>& all)
{
    Brief brief;
    for (const auto& news : all) {
        brief.emplace_back(news.what, news.slot.value);
    }
    return brief;
}

/// A fixture of two slots by the rule "device-serial" that was seen empty, its devices and what they say.
struct AnnouncedLine {
    /// A device without what it says is silent.
    struct Device {
        std::optional<enrollment::SerialNumber> says;
        std::string unfit = {};
        bool operator==(const Device&) const = default;
    };

    explicit AnnouncedLine(enrollment::StartRule start = enrollment::StartRule::Key)
        : board({{1}, {2}}, enrollment::PairingRule::DeviceSerial, station::SelfStart{start})
    {
        lookLong();
    }

    void put(int slot, int number) { inside.at(static_cast<std::size_t>(slot)) = Device{serial(number)}; }
    void putSilent(int slot) { inside.at(static_cast<std::size_t>(slot)) = Device{}; }
    void putUnfit(int slot, std::string says)
    {
        inside.at(static_cast<std::size_t>(slot)) = Device{{}, std::move(says)};
    }
    void takeOut(int slot) { inside.at(static_cast<std::size_t>(slot)).reset(); }

    /// What is in \p slot takes the connection and does not answer, and did not for long; or it does again.
    void stall(int slot, bool stalls = true)
    {
        const enrollment::SlotNumber number{slot};
        stalls ? void(stalled.insert(number)) : void(stalled.erase(number));
    }

    std::vector<station::SlotNews> look(station::Hearing hearing = station::Hearing::Binds)
    {
        now += std::chrono::seconds{1};
        station::Look seen{{}, true, now, {}, hearing, {}, stalled};
        for (const int slot : {1, 2}) {
            if (stalled.contains(enrollment::SlotNumber{slot})) {
                continue;
            }
            const auto& device = inside.at(static_cast<std::size_t>(slot));
            seen.found.emplace(enrollment::SlotNumber{slot}, device.has_value());
            if (device && device->says) {
                seen.says.emplace(enrollment::SlotNumber{slot}, *device->says);
            }
            if (device && !device->unfit.empty()) {
                seen.unfit.emplace(enrollment::SlotNumber{slot}, device->unfit);
            }
        }
        return board.look(seen);
    }
    /// Until a slot is known to be empty.
    void lookLong()
    {
        for (auto left = 2 * station::SlotDevices::kGone; left > std::chrono::seconds{0}; --left) {
            look();
        }
    }
    Result<station::Binding> scan(int number, std::optional<int> slot = {})
    {
        const auto wanted = slot ? std::optional{enrollment::SlotNumber{*slot}} : std::nullopt;
        return board.bind(serial(number), wanted, now);
    }
    void run(int slot, Outcome outcome = Outcome::Pass, std::optional<ErrorCode> code = {})
    {
        board.apply({slot}, station::RunStarted{});
        end(slot, outcome, code);
    }
    /// What runs there was stopped.
    void abort(int slot) { end(slot, Outcome::Aborted, DeviceCode::Cancelled); }
    void end(int slot, Outcome outcome, std::optional<ErrorCode> code = {})
    {
        enrollment::AttestationRun run;
        run.serialNumber = *serialOf(board.state({slot}));
        run.outcome = outcome;
        run.code = code;
        run.tpm.emplace();
        board.apply({slot}, station::RunFinished{run});
    }
    [[nodiscard]] std::optional<enrollment::SerialNumber> waitsIn(int slot) const
    {
        const auto* ready = std::get_if<station::SlotReady>(&board.state({slot}));
        return ready == nullptr ? std::nullopt : std::optional{ready->serial};
    }

    station::SlotBoard board;
    std::array<std::optional<Device>, 3> inside{};
    std::set<enrollment::SlotNumber> stalled{};
    station::SelfStart::Time now{};
};

} // namespace enroll::test
