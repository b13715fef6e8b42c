-- Version 3 of contoso orders: an order comes through a channel.
CREATE TABLE [dbo].[Channels] (
    [Name] nvarchar(20) NOT NULL CONSTRAINT [PK_Channels] PRIMARY KEY,
    [Title] nvarchar(100) NOT NULL
);
GO
INSERT INTO [dbo].[Channels] ([Name], [Title]) VALUES (N'web', N'Web shop'), (N'phone', N'Telephone');
PRINT 'Channels are known';
GO
