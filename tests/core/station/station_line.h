#pragma once

#include "core/station/slot_board.h"

#include <QTest>

namespace enroll::test {

inline enrollment::SerialNumber serial(int number)
{
    return enrollment::SerialNumber{"GX-" + std::to_string(number)};
}

/// A fixture of three slots that was seen empty, its devices, and a watch.
struct StationLine {
    using Slots = std::vector<enrollment::SlotNumber>;

    StationLine(enrollment::PairingRule pairing, enrollment::StartRule start)
        : board({{1}, {2}, {3}}, pairing, station::SelfStart{start})
    {
        lookLong();
    }

    /// A scan; the label of \p slot came before it, if there is one.
    Result<station::Binding> scan(int number, std::optional<int> slot = {})
    {
        const auto wanted = slot ? std::optional{enrollment::SlotNumber{*slot}} : std::nullopt;
        return board.bind(serial(number), wanted, now);
    }
    /// A look a second later; \p afterScan: it began after the latest scan.
    std::vector<station::SlotNews> look(bool afterScan = true)
    {
        now += std::chrono::seconds{1};
        return board.look({{{{1}, inside[1]}, {{2}, inside[2]}, {{3}, inside[3]}}, afterScan, now});
    }
    void lookTwice()
    {
        look();
        look();
    }
    /// Until a slot is known to be empty.
    void lookLong()
    {
        for (auto left = 2 * station::SlotDevices::kGone; left > std::chrono::seconds{0}; --left) {
            look();
        }
    }
    void run(int slot, Outcome outcome = Outcome::Pass, std::optional<ErrorCode> code = {})
    {
        enrollment::AttestationRun run;
        run.serialNumber = *serialOf(board.state({slot}));
        run.outcome = outcome;
        run.code = code;
        run.tpm.emplace();
        board.apply({slot}, station::RunStarted{});
        QVERIFY(board.due(now).empty());
        board.apply({slot}, station::RunFinished{run});
        QVERIFY(board.due(now).empty()); // what ended starts nothing
    }
    /// Runs the test of what is due, which is one slot, and ends it.
    void test(Outcome outcome = Outcome::Pass)
    {
        const auto slots = board.due(now);
        QCOMPARE(slots.size(), std::size_t{1});
        run(slots.front().value, outcome);
    }
    /// The device of \p number comes into \p slot after its label was scanned for it, and stays there after its test.
    void testIn(int slot, int number, Outcome outcome = Outcome::Pass, std::optional<ErrorCode> code = {})
    {
        QVERIFY(scan(number, slot).ok());
        look();
        inside.at(static_cast<std::size_t>(slot)) = true;
        lookTwice();
        run(slot, outcome, code);
        lookTwice();
    }
    /// The first device of the shift goes through slot 3.
    void testFirst()
    {
        testIn(3, 99);
        inside[3] = false;
        lookLong();
    }
    [[nodiscard]] Slots due() const { return board.due(now); }
    [[nodiscard]] bool asks(int slot) const { return board.startOf({slot}) == station::StartBy::Answer; }

    station::SlotBoard board;
    std::array<bool, 4> inside{};
    station::SelfStart::Time now{};
};

/// Does it by each rule by which a scan comes before its test, and which starts by itself.
template <class Act>
void byEachRule(Act act)
{
    using enum enrollment::PairingRule;
    for (const auto pairing : {NextSlot, SlotThenSerial, Insert}) {
        for (const auto start : {enrollment::StartRule::Scan, enrollment::StartRule::Present}) {
            StationLine line(pairing, start);
            act(line);
        }
    }
}

} // namespace enroll::test
