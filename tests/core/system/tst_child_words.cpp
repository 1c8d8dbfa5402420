#include "core/system/child_process.h"
#include "core/system/child_words.h"

#include <QtTest>

#include <poll.h>
#include <unistd.h>

using namespace enroll;
using namespace enroll::system;

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kMost = 5000;

/// Runs \p script and takes in what it writes to its standard error, until nobody can write there any more.
void take(const char* script, ChildWords& words)
{
    const int nothing = STDIN_FILENO;
    auto child = ChildProcess::start(
        {.arguments = {"sh", "-c", script}, .streams = ChildStreams{nothing, words.childsEnd(), words.childsEnd()}});
    words.giveAway();
    const auto deadline = Deadline::in(kPatience);
    while (words.fd() >= 0 && !deadline.passed()) {
        pollfd wait{words.fd(), POLLIN, 0};
        ::poll(&wait, 1, static_cast<int>(deadline.left().count()));
        words.take();
    }
    QCOMPARE(child.value().wait(deadline).value(), 0);
}

} // namespace

class TstChildWords : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsSaidYet()
    {
        auto words = ChildWords::create(kMost).value();
        words.take(); // does not wait
        QVERIFY(words.fd() >= 0 && words.childsEnd() >= 0);
        QCOMPARE(words.size(), std::size_t{0});
        QCOMPARE(words.from(0), std::string{});
        QCOMPARE(words.from(7), std::string{});
    }

    void keepsWhatIsSaid()
    {
        auto words = ChildWords::create(kMost).value();
        take("echo one >&2; echo two >&2", words);
        QCOMPARE(words.fd(), -1);
        QCOMPARE(words.size(), std::size_t{8});
        QCOMPARE(words.from(0), std::string{"one\ntwo\n"});
        QCOMPARE(words.from(4), std::string{"two\n"});
        QCOMPARE(words.from(8), std::string{});
        words.take(); // nothing to read from any more
        QCOMPARE(words.size(), std::size_t{8});
    }

    /// A device that says much must not fill the station's memory, nor hide what is said last.
    void ofMuchTheLastIsKept()
    {
        auto words = ChildWords::create(kMost).value();
        take("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo the last >&2", words);
        QCOMPARE(words.size(), std::size_t{1'000'009});
        QCOMPARE(words.from(0), std::string(kMost - 9, 'x') + "the last\n");
        QCOMPARE(words.from(1'000'000), std::string{"the last\n"});
        QCOMPARE(words.from(999'999), std::string{"xthe last\n"});
    }

    /// Of one that never stops, not all is taken in at once.
    void aChildThatGoesOnHoldsNobodyUp()
    {
        auto words = ChildWords::create(kMost).value();
        auto child = ChildProcess::start(
            {.arguments = {"yes"}, .streams = ChildStreams{STDIN_FILENO, words.childsEnd(), words.childsEnd()}});
        words.giveAway();
        for (int i = 0; i < 100; ++i) {
            words.take();
        }
        QVERIFY(words.fd() >= 0 && words.from(0).size() <= kMost);
        child.value().kill();
    }
};

QTEST_GUILESS_MAIN(TstChildWords)
#include "tst_child_words.moc"
