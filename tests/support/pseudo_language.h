#pragma once

#include <QMutex>
#include <QString>
#include <QTranslator>

#include <compare>
#include <set>
#include <vector>

namespace enroll::test {

/// One text as lupdate found it.
struct SourceText {
    QString context;
    QString source;
    QString comment;
    bool plural = false;
};

/// \p english with every letter replaced by a look-alike outside ASCII, in brackets: readable, and whatever was not
/// translated still has the letters of English. Marks such as %1 and %n stay.
QString pseudo(const QString& english);

/// A language that nobody speaks, made of the tree's own texts: everything that lupdate finds, translated by pseudo().
/// It has Polish's three plural forms: the first begins with "¹" (1), the second with "²" (2, 3, 4, 22), the third with
/// "³" (0, 5, 11).
class PseudoLanguage {
public:
    /// Runs lupdate and lrelease over the tree; fails the running test, and has no texts, if one of them cannot run.
    /// The file is enroll-station_pl.qm in \p directory.
    explicit PseudoLanguage(const QString& directory);

    [[nodiscard]] const std::vector<SourceText>& texts() const { return m_texts; }
    [[nodiscard]] const QString& file() const { return m_file; }
    /// What lupdate had to complain about: texts without a context, calls that are no literals.
    [[nodiscard]] const QString& complaints() const { return m_complaints; }

private:
    std::vector<SourceText> m_texts;
    QString m_file;
    QString m_complaints;
};

/// A translator that remembers what it was asked for. Any thread.
class RecordingTranslator final : public QTranslator {
public:
    using QTranslator::QTranslator;

    QString translate(const char* context, const char* source, const char* comment, int n) const override;

    [[nodiscard]] bool wasAskedFor(const SourceText& text) const;
    /// "context: source" of what the program asked for in vain; what Qt itself asks for left out.
    [[nodiscard]] QStringList unknown() const;

private:
    using Key = std::tuple<QString, QString, QString>;

    mutable QMutex m_mutex;
    mutable std::set<Key> m_asked;
    mutable std::set<Key> m_unknown;
};

} // namespace enroll::test
