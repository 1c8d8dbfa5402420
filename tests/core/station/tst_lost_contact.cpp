#include "core/base/device_code.h"
#include "core/station/lost_contact.h"

#include <QTest>

using namespace enroll;
using namespace enroll::station;
using namespace std::chrono_literals;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

class LostContactTest : public QObject {
    Q_OBJECT

    static constexpr UtcTime kStart{std::chrono::milliseconds{1'700'000'000'000}};

    SlotBoard m_board{{}};

    void end(int slot, std::chrono::milliseconds after, ErrorCode code = DeviceCode::NoTpmAnswers, bool answered = true,
             std::chrono::milliseconds lastStep = 0s)
    {
        enrollment::AttestationRun run;
        run.serialNumber = SerialNumber{"GX-" + std::to_string(slot)};
        run.outcome = Outcome::Fail;
        run.code = code;
        run.startedAt = kStart;
        run.duration = after;
        if (answered) {
            run.tpm.emplace();
        }
        auto& step = run.steps.emplace_back();
        step.outcome = attestation::StepOutcome::Failed;
        step.duration = lastStep;
        m_board.apply({slot}, SerialBound{run.serialNumber});
        m_board.apply({slot}, RunStarted{});
        m_board.apply({slot}, RunFinished{run});
    }

private Q_SLOTS:
    void init() { m_board = SlotBoard({{1}, {2}, {3}, {4}, {5}, {6}}); }

    void twoAreTheWorkOfTwoHands()
    {
        QVERIFY(lostTogether(m_board).empty());
        end(1, 1s);
        end(2, 1s);
        QVERIFY(lostTogether(m_board).empty());
    }

    void threeShareWhatBroke()
    {
        end(5, 1s);
        end(2, 4s, DeviceCode::TpmTimedOut);
        end(3, 11s, DeviceCode::DeviceRemoved);
        QVERIFY((lostTogether(m_board) == std::vector<SlotNumber>{{2}, {3}, {5}}));
        QVERIFY(*m_board.acknowledge({3})); // dealt with
        QVERIFY(lostTogether(m_board).empty());
    }

    void oneAfterAnotherIsNotTogether()
    {
        end(1, 1s);
        end(2, 1s);
        end(3, 11'001ms);
        QVERIFY(lostTogether(m_board).empty());
        end(4, 11'000ms); // with the first two, and not with the third
        QVERIFY((lostTogether(m_board) == std::vector<SlotNumber>{{1}, {2}, {4}}));
    }

    /// A network that falls silent is noticed when the wait of each command ends: of a key that is made, a minute later.
    void whatFellSilentWasLostWhenItsStepBegan()
    {
        end(1, 12s, DeviceCode::TpmTimedOut, true, 10s);
        end(2, 92s, DeviceCode::TpmTimedOut, true, 90s);
        end(3, 15s, DeviceCode::TpmTimedOut, true, 10s);
        QCOMPARE(lostTogether(m_board).size(), std::size_t{3});
        end(4, 60s, DeviceCode::TpmTimedOut, true, 10s); // another time
        end(5, 200s);
        QVERIFY((lostTogether(m_board) == std::vector<SlotNumber>{{1}, {2}, {3}}));
    }

    void whatNeverAnsweredWasNotLost()
    {
        end(1, 1s, DeviceCode::NoTpmAnswers, false);
        end(2, 1s, DeviceCode::NoTpmAnswers, false);
        end(3, 1s, DeviceCode::NoTpmAnswers, false);
        QVERIFY(lostTogether(m_board).empty());
    }

    void otherFailuresAreNoLosses()
    {
        for (int slot = 1; slot <= 6; ++slot) {
            end(slot, 1s, slot % 2 == 0 ? ErrorCode{DeviceCode::AttestationWrong} : ErrorCode{DeviceCode::Cancelled});
        }
        QVERIFY(lostTogether(m_board).empty());
    }
};

QTEST_APPLESS_MAIN(LostContactTest)
#include "tst_lost_contact.moc"
