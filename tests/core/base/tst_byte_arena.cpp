#include "core/base/byte_arena.h"

#include <QTest>

using namespace enroll;

class TestByteArena : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEverythingWhereItIs()
    {
        ByteArena arena;
        std::vector<ByteView> kept;
        for (int i = 0; i < 20'000; ++i) { // several pieces
            const Bytes bytes(static_cast<std::size_t>(i % 300), static_cast<std::byte>(i % 251));
            kept.push_back(arena.keep(bytes));
        }
        for (int i = 0; i < 20'000; ++i) {
            const Bytes bytes(static_cast<std::size_t>(i % 300), static_cast<std::byte>(i % 251));
            QVERIFY(equalBytes(kept[static_cast<std::size_t>(i)], bytes));
        }
    }

    void keepsWhatIsLargerThanAPiece()
    {
        ByteArena arena;
        const auto small = arena.keep(std::string_view{"GX-000001"});
        const auto large = arena.keep(Bytes(3'000'000, std::byte{7}));
        const auto after = arena.keep(std::string_view{"GX-000002"});
        QCOMPARE(small, std::string_view{"GX-000001"});
        QVERIFY(equalBytes(large, Bytes(3'000'000, std::byte{7})));
        QCOMPARE(after, std::string_view{"GX-000002"});
    }
};

QTEST_APPLESS_MAIN(TestByteArena)
#include "tst_byte_arena.moc"
