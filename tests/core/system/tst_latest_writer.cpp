#include "core/base/station_code.h"
#include "core/system/latest_writer.h"

#include <QtTest>

#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <vector>

using namespace enroll;
using system::LatestWriter;
using namespace std::chrono_literals;

namespace {

constexpr int kPatience = 20'000;
constexpr auto kNever = 1h;

/// A number that changes, and a disk that it is written to.
class Disk {
public:
    LatestWriter::Write write()
    {
        return [this]() -> Result<void> {
            const std::lock_guard held(m_mutex);
            ++m_tries;
            if (m_throws) {
                throw std::runtime_error{"no memory"};
            }
            if (m_failures > 0) {
                --m_failures;
                return makeError(StationCode::JournalCannotSave, "the disk is full", "write");
            }
            m_written.push_back(m_number);
            return {};
        };
    }
    void set(int number)
    {
        const std::lock_guard held(m_mutex);
        m_number = number;
    }
    /// The next \p count writes fail.
    void fail(int count)
    {
        const std::lock_guard held(m_mutex);
        m_failures = count;
    }
    void throwFromNowOn(bool throws)
    {
        const std::lock_guard held(m_mutex);
        m_throws = throws;
    }
    [[nodiscard]] int tries()
    {
        const std::lock_guard held(m_mutex);
        return m_tries;
    }
    [[nodiscard]] std::vector<int> written()
    {
        const std::lock_guard held(m_mutex);
        return m_written;
    }

private:
    std::mutex m_mutex;
    int m_number = 0;
    int m_tries = 0;
    int m_failures = 0;
    bool m_throws = false;
    std::vector<int> m_written;
};

} // namespace

class TstLatestWriter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesAChange()
    {
        Disk disk;
        LatestWriter writer{"test thread", disk.write()};
        disk.set(1);
        QVERIFY(writer.waitFor(writer.changed()).ok());
        QVERIFY(disk.written() == std::vector{1});
        disk.set(2);
        QVERIFY(writer.waitFor(writer.changed()).ok());
        QVERIFY((disk.written() == std::vector{1, 2}));
    }

    void changesDuringAWriteAreWrittenTogether()
    {
        Disk disk;
        std::binary_semaphore began{0};
        std::binary_semaphore mayEnd{0};
        int writes = 0;
        LatestWriter writer{"test thread", [&, write = disk.write()]() -> Result<void> {
                                auto written = write();
                                if (++writes == 1) {
                                    began.release();
                                    if (!mayEnd.try_acquire_for(std::chrono::milliseconds{kPatience})) {
                                        return makeError(StationCode::InternalFault, "nobody let it end", "write");
                                    }
                                }
                                return written;
                            }};
        disk.set(1);
        const auto first = writer.changed();
        QVERIFY(began.try_acquire_for(std::chrono::milliseconds{kPatience}));
        std::uint64_t last = 0;
        for (const auto number : {2, 3, 4}) {
            disk.set(number);
            last = writer.changed();
        }
        QVERIFY(last > first);
        mayEnd.release();
        QVERIFY(writer.waitFor(last).ok());
        QVERIFY((disk.written() == std::vector{1, 4}));
    }

    void saysWhatBecameOfAChange()
    {
        Disk disk;
        LatestWriter writer{"test thread", disk.write()};
        disk.fail(1);
        const auto failed = writer.waitFor(writer.changed());
        QVERIFY(!failed.ok());
        QCOMPARE(failed.error().code, StationCode::JournalCannotSave);
        QVERIFY(writer.waitFor(writer.changed()).ok());
    }

    void whatIsThrownIsAFailure()
    {
        Disk disk;
        LatestWriter writer{"test thread", disk.write()};
        disk.throwFromNowOn(true);
        const auto failed = writer.waitFor(writer.changed());
        QVERIFY(!failed.ok());
        QCOMPARE(failed.error().code, StationCode::InternalFault);
        disk.throwFromNowOn(false);
        QVERIFY(writer.waitFor(writer.changed()).ok());
    }

    void aFailureIsTriedAgainAfterAWhile()
    {
        Disk disk;
        LatestWriter writer{"test thread", disk.write(), 1ms};
        disk.fail(3);
        disk.set(7);
        writer.changed();
        QTRY_VERIFY_WITH_TIMEOUT(disk.written() == std::vector{7}, kPatience);
        QCOMPARE(disk.tries(), 4);
    }

    void aNewerChangeIsTriedAtOnce()
    {
        Disk disk;
        LatestWriter writer{"test thread", disk.write(), kNever};
        disk.fail(1);
        QVERIFY(!writer.waitFor(writer.changed()).ok());
        disk.set(2);
        QVERIFY(writer.waitFor(writer.changed()).ok());
        QVERIFY(disk.written() == std::vector{2});
    }

    void theEndWritesWhatChangedLast()
    {
        Disk disk;
        {
            LatestWriter writer{"test thread", disk.write()};
            disk.set(5);
            writer.changed();
        }
        QVERIFY(disk.written() == std::vector{5});
    }

    void theEndTriesAFailureOnceMoreWhereItWasToBeTriedAgain()
    {
        Disk disk;
        {
            LatestWriter writer{"test thread", disk.write(), kNever};
            disk.fail(2);
            QVERIFY(!writer.waitFor(writer.changed()).ok());
        }
        QCOMPARE(disk.tries(), 2);
        {
            LatestWriter writer{"test thread", disk.write()};
            disk.fail(2);
            QVERIFY(!writer.waitFor(writer.changed()).ok());
        }
        QCOMPARE(disk.tries(), 3);
    }

    void nothingIsWrittenWhereNothingChanged()
    {
        Disk disk;
        {
            const LatestWriter writer{"test thread", disk.write(), 1ms};
        }
        QCOMPARE(disk.tries(), 0);
    }
};

QTEST_GUILESS_MAIN(TstLatestWriter)
#include "tst_latest_writer.moc"
