<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>inkling::AboutDialog</name>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::ExportController</name>
    <message numerus="yes">
        <source>%1 of %Ln photos are done; it can be resumed at any time</source>
        <translation>
            <numerusform>%1 of %Ln photo is done; it can be resumed at any time</numerusform>
            <numerusform>%1 of %Ln photos are done; it can be resumed at any time</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::ExportTexts</name>
    <message numerus="yes">
        <source>%Ln single photo(s)</source>
        <translation>
            <numerusform>%Ln single photo</numerusform>
            <numerusform>%Ln single photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln file(s) that are there would be overwritten: %1</source>
        <translation>
            <numerusform>%Ln file that is there would be overwritten: %1</numerusform>
            <numerusform>%Ln files that are there would be overwritten: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>An unfinished export with these settings is in this folder: %1 of %Ln photos are done. It can be resumed.</source>
        <translation>
            <numerusform>An unfinished export with these settings is in this folder: %1 of %Ln photo is done. It can be resumed.</numerusform>
            <numerusform>An unfinished export with these settings is in this folder: %1 of %Ln photos are done. It can be resumed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A finished export (%1, %Ln photos) is in this folder. Replacing it removes what it has written.</source>
        <translation>
            <numerusform>A finished export (%1, %Ln photo) is in this folder. Replacing it removes what it has written.</numerusform>
            <numerusform>A finished export (%1, %Ln photos) is in this folder. Replacing it removes what it has written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln box(es) in %1 of %2 photos</source>
        <translation>
            <numerusform>%Ln box in %1 of %2 photos</numerusform>
            <numerusform>%Ln boxes in %1 of %2 photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %Ln photo(s) could not be read, see failures.csv</source>
        <translation>
            <numerusform>; %Ln photo could not be read, see failures.csv</numerusform>
            <numerusform>; %Ln photos could not be read, see failures.csv</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::FileCommands</name>
    <message numerus="yes">
        <source>%n photo(s) exported</source>
        <translation>
            <numerusform>%n photo exported</numerusform>
            <numerusform>%n photos exported</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::GalleryPanel</name>
    <message numerus="yes">
        <source>%Ln photos</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln photos match</source>
        <translation>
            <numerusform>%1 of %Ln photo matches</numerusform>
            <numerusform>%1 of %Ln photos match</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 match · looked closely at %2 of %Ln photos</source>
        <translation>
            <numerusform>%1 match · looked closely at %2 of %Ln photo</numerusform>
            <numerusform>%1 match · looked closely at %2 of %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::JobCard</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::MessageBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoModel</name>
    <message numerus="yes">
        <source>%1, score %2%, %n matches</source>
        <translation>
            <numerusform>%1, score %2%, %n match</numerusform>
            <numerusform>%1, score %2%, %n matches</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoSources</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PhotoView</name>
    <message numerus="yes">
        <source>%n boxes are shown.</source>
        <translation>
            <numerusform>%n box is shown.</numerusform>
            <numerusform>%n boxes are shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::PreviewPane</name>
    <message numerus="yes">
        <source>%Ln photo(s)</source>
        <translation>
            <numerusform>%Ln photo</numerusform>
            <numerusform>%Ln photos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Example: %1 with %Ln photos</source>
        <translation>
            <numerusform>Example: %1 with %Ln photo</numerusform>
            <numerusform>Example: %1 with %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::SearchController</name>
    <message numerus="yes">
        <source>%n photo(s) looked at</source>
        <translation>
            <numerusform>%n photo looked at</numerusform>
            <numerusform>%n photos looked at</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Looked closely at %1 of %Ln photos</source>
        <translation>
            <numerusform>Looked closely at %1 of %Ln photo</numerusform>
            <numerusform>Looked closely at %1 of %Ln photos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>inkling::SketchStackPanel</name>
    <message numerus="yes">
        <source>A query holds at most %n drawings. Remove one first.</source>
        <translation>
            <numerusform>A query holds at most %n drawing. Remove it first.</numerusform>
            <numerusform>A query holds at most %n drawings. Remove one first.</numerusform>
        </translation>
    </message>
</context>
</TS>
