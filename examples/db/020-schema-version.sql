IF OBJECT_ID(N'dbo.SchemaVersion', N'U') IS NULL
  CREATE TABLE dbo.SchemaVersion (
    Version   int          NOT NULL CONSTRAINT PK_SchemaVersion PRIMARY KEY,
    Release   nvarchar(50) NOT NULL,
    AppliedAt datetime2    NOT NULL CONSTRAINT DF_SchemaVersion_AppliedAt DEFAULT (SYSUTCDATETIME())
  );
GO

IF NOT EXISTS (SELECT 1 FROM dbo.SchemaVersion WHERE Version = 2)
  INSERT INTO dbo.SchemaVersion (Version, Release) VALUES (2, N'$(Release)');
GO
